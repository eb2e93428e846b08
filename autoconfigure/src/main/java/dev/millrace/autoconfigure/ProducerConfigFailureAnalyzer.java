package dev.millrace.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints every refused setting with its value, where it was set, why it is refused and what to do. */
final class ProducerConfigFailureAnalyzer extends AbstractFailureAnalyzer<InvalidProducerPropertiesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidProducerPropertiesException cause) {
        StringBuilder description = new StringBuilder("The producer's configuration is refused:");
        StringBuilder action = new StringBuilder("Update your application's configuration. For each property, write a"
                + " value that fits the reason, or remove it to get its default:%n".formatted());
        cause.getViolations().forEach(violation -> describe(violation, description));
        cause.getViolations().stream()
                .map(PropertyViolation::property)
                .distinct()
                .forEach(property -> action.append("%n    %s".formatted(property)));
        return new FailureAnalysis(description.toString(), action.toString(), cause);
    }

    private static void describe(PropertyViolation violation, StringBuilder description) {
        description.append("%n%n    Property: %s".formatted(violation.property()));
        if (!violation.value().isEmpty()) {
            description.append("%n    Value: \"%s\"".formatted(violation.value()));
        }
        if (violation.origin() != null) {
            description.append("%n    Origin: %s".formatted(violation.origin()));
        }
        description.append("%n    Reason: %s".formatted(violation.reason()));
    }
}
