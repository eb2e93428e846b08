package dev.millrace.producer.config;

/** Whether the certificate of a broker must be issued for the name it was reached by. */
public enum EndpointIdentification {

    /** It must, as in HTTPS (RFC 2818). */
    HTTPS("https"),
    /** Any certificate of a trusted authority will do: whoever has one can pose as a broker. */
    NONE("none");

    private final String text;

    EndpointIdentification(String text) {
        this.text = text;
    }

    /**
     * Reads {@code https} or {@code none}; surrounding blanks and case do not matter, and an empty text means none, as in
     * Kafka.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static EndpointIdentification parse(String text) {
        return text.isBlank() ? NONE : Choices.parse(values(), text);
    }

    /** The form used in configurations. */
    @Override
    public String toString() {
        return text;
    }
}
