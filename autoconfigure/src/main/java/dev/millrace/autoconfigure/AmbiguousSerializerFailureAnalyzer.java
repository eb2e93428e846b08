package dev.millrace.autoconfigure;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists the serializer beans among which nothing decides, and the ways to decide. */
final class AmbiguousSerializerFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousSerializerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousSerializerException cause) {
        String beans = cause.beanNames().stream().map("%n    - %s"::formatted).collect(Collectors.joining());
        String description = "The producer's values could be serialized by any of %d beans:%n%s"
                .formatted(cause.beanNames().size(), beans);
        String action = ("Do one of the following:%n%n"
                        + "    - name the bean for the values %2$s, or give it that @Qualifier%n"
                        + "    - name the bean for the keys %1$s, or give it that @Qualifier%n"
                        + "    - mark the bean for the values as @Primary%n"
                        + "    - set %3$s to the class or the built-in name of the serializer")
                .formatted(
                        ProducerSerializers.KEY_BEAN,
                        ProducerSerializers.VALUE_BEAN,
                        ProducerSerializers.VALUE_PROPERTY);
        return new FailureAnalysis(description, action, cause);
    }
}
