package dev.millrace.autoconfigure;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists the partitioner beans among which nothing decides, and the ways to decide. */
final class AmbiguousPartitionerFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousPartitionerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousPartitionerException cause) {
        String beans = cause.beanNames().stream().map("%n    - %s"::formatted).collect(Collectors.joining());
        String description = "The producer's partitions could be chosen by any of %d beans:%n%s"
                .formatted(cause.beanNames().size(), beans);
        String action = "Do one of the following:%n%n".formatted()
                + "    - mark the bean for the producer as @Primary%n".formatted()
                + "    - declare the others with @Bean(autowireCandidate = false)";
        return new FailureAnalysis(description, action, cause);
    }
}
