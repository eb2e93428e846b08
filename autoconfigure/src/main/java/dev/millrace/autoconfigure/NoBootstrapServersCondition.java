package dev.millrace.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if {@code app.producer.bootstrap-servers} has no text, unless all producers are named and each has bootstrap servers
 * of its own. Never matches while an application is processed ahead
 * of time: the decision would be frozen into it, and a production run would start a broker.
 */
final class NoBootstrapServersCondition extends SpringBootCondition {

    static final String PROPERTY = "app.producer.bootstrap-servers";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("No bootstrap servers");
        if (BuildTime.isNow()) {
            return ConditionOutcome.noMatch(message.because("the application is processed ahead of time"));
        }
        Environment environment = context.getEnvironment();
        if (isSet(PROPERTY, environment)) {
            return ConditionOutcome.noMatch(message.because(PROPERTY + " is set"));
        }
        if (isLeftToNamedProducers(environment)) {
            return ConditionOutcome.noMatch(message.because("each producer has bootstrap servers of its own"));
        }
        return ConditionOutcome.match(message.because(PROPERTY + " is not set"));
    }

    private static boolean isLeftToNamedProducers(Environment environment) {
        return !environment.getProperty(ProducerAutoConfiguration.DEFAULT_PRODUCER, Boolean.class, true)
                && ProducerInstances.of(environment).stream()
                        .allMatch(instance -> isSet(instance.property(PROPERTY), environment));
    }

    private static boolean isSet(String property, Environment environment) {
        BindResult<List<String>> servers = Binder.get(environment).bind(property, Bindable.listOf(String.class));
        return servers.isBound() && servers.get().stream().anyMatch(StringUtils::hasText);
    }
}
