package dev.millrace.producer.config;

/** What happens when no known broker answers any more (KIP-899). */
public enum MetadataRecovery {

    /** The bootstrap servers are asked again. */
    REBOOTSTRAP("rebootstrap"),
    /** Only the brokers known are tried, for ever. */
    NONE("none");

    private final String text;

    MetadataRecovery(String text) {
        this.text = text;
    }

    /**
     * Reads {@code rebootstrap} or {@code none}; surrounding blanks and case do not matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static MetadataRecovery parse(String text) {
        return Choices.parse(values(), text);
    }

    /** The form used in configurations. */
    @Override
    public String toString() {
        return text;
    }
}
