package dev.millrace.producer.errors;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration is refused. Carries every violation, not only the first. */
public final class ConfigException extends ProducerException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /** With all violations found. */
    public ConfigException(List<Violation> violations) {
        this(violations, null);
    }

    /** With all violations found, and what one of them was found by. */
    public ConfigException(List<Violation> violations, @Nullable Throwable cause) {
        super(message(violations), FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION), cause);
        this.violations = List.copyOf(violations);
    }

    /** What is wrong, one entry for each setting. */
    public List<Violation> violations() {
        return violations;
    }

    private static String message(List<Violation> violations) {
        StringBuilder text = new StringBuilder("invalid producer configuration:");
        violations.forEach(violation -> text.append("\n  - ").append(violation));
        return text.toString();
    }

    /**
     * One refused setting.
     *
     * @param setting the setting's name as the user wrote it, or its name under {@code app.producer}
     * @param value the refused value as text, empty if there is none; masked for secrets
     * @param reason what is wrong with it and what would be right
     */
    public record Violation(String setting, String value, String reason) {

        @Override
        public String toString() {
            return value.isEmpty() ? setting + ": " + reason : setting + "=" + value + ": " + reason;
        }
    }
}
