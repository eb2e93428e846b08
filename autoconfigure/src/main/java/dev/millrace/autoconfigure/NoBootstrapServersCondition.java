package dev.millrace.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if {@code app.producer.bootstrap-servers} has no text. Never matches while an application is processed ahead
 * of time: the decision would be frozen into it, and a production run would start a broker.
 */
final class NoBootstrapServersCondition extends SpringBootCondition {

    static final String PROPERTY = "app.producer.bootstrap-servers";
    private static final String AOT_PROCESSING = "spring.aot.processing";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("No bootstrap servers");
        if (Boolean.getBoolean(AOT_PROCESSING)) {
            return ConditionOutcome.noMatch(message.because("the application is processed ahead of time"));
        }
        BindResult<List<String>> servers =
                Binder.get(context.getEnvironment()).bind(PROPERTY, Bindable.listOf(String.class));
        boolean isSet = servers.isBound() && servers.get().stream().anyMatch(StringUtils::hasText);
        return isSet
                ? ConditionOutcome.noMatch(message.because(PROPERTY + " is set"))
                : ConditionOutcome.match(message.because(PROPERTY + " is not set"));
    }
}
