package dev.millrace.autoconfigure;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.spring.ProducerOperationException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The producer's configuration is refused at start. Carries every violation, not only the first. */
public final class InvalidProducerPropertiesException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final transient List<PropertyViolation> violations;

    InvalidProducerPropertiesException(List<PropertyViolation> violations, @Nullable ConfigException cause) {
        super(
                violations.stream()
                        .map(violation -> violation.property() + ": " + violation.reason())
                        .collect(Collectors.joining("; ", "The producer's configuration is refused: ", "")),
                cause);
        this.violations = List.copyOf(violations);
    }

    /** What is wrong, one entry for each setting. */
    public List<PropertyViolation> getViolations() {
        return violations;
    }
}
