package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerOperations;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists the producers among which an injection point does not choose, and how it would. Before Boot's general advice. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AmbiguousProducerFailureAnalyzer extends AbstractFailureAnalyzer<NoUniqueBeanDefinitionException> {

    /** By name, as those who have no transactions do not have the class. */
    private static final List<String> OURS = List.of(
            ProducerFactory.class.getName(),
            ProducerOperations.class.getName(),
            "dev.millrace.spring.ProducerTransactionManager",
            "dev.millrace.spring.ProducerTemplate",
            "dev.millrace.spring.DefaultProducerFactory");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoUniqueBeanDefinitionException cause) {
        Class<?> type = cause.getBeanType();
        Collection<String> names = cause.getBeanNamesFound();
        if (type == null || !OURS.contains(type.getName()) || names == null || names.isEmpty()) {
            return null;
        }
        String beans = names.stream().map("%n    - %s"::formatted).collect(Collectors.joining());
        String description = "A %s is needed, and any of %d producers could be meant:%n%s"
                .formatted(type.getSimpleName(), names.size(), beans);
        String action = ("Do one of the following:%n%n"
                        + "    - name the bean at the injection point, such as @Qualifier(\"%s\")%n"
                        + "    - keep the default producer, which is found without a qualifier: remove %s=false")
                .formatted(names.iterator().next(), ProducerAutoConfiguration.DEFAULT_PRODUCER);
        return new FailureAnalysis(description, action, cause);
    }
}
