package dev.millrace.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the application sends in transactions: if {@code app.producer.transaction.enabled} says so, or says nothing
 * and there is a prefix of the ids. Decided when the application is processed ahead of time, if it is; a prefix
 * that is a placeholder then counts as text.
 */
final class TransactionsEnabledCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder binder = Binder.get(context.getEnvironment());
        Boolean enabled =
                binder.bind(PropertyTransactions.ENABLED, Boolean.class).orElse(null);
        String prefix =
                binder.bind(PropertyTransactions.ID_PREFIX, String.class).orElse(null);
        ConditionMessage.Builder message = ConditionMessage.forCondition("Producer transactions");
        String reason = enabled != null
                ? PropertyTransactions.ENABLED + " is " + enabled
                : PropertyTransactions.ID_PREFIX + " is "
                        + (PropertyTransactions.isEnabled(null, prefix) ? "set" : "not set");
        return new ConditionOutcome(PropertyTransactions.isEnabled(enabled, prefix), message.because(reason));
    }
}
