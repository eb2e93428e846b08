package dev.millrace.producer.config;

/** What protects a connection, and whether the client proves who it is. */
public enum SecurityProtocol {

    /** Neither TLS nor SASL. */
    PLAINTEXT(false, false),
    /** TLS; who the client is may be proved by its certificate. */
    SSL(true, false),
    /** SASL without TLS: what is sent can be read and changed on the way. */
    SASL_PLAINTEXT(false, true),
    /** SASL inside TLS. */
    SASL_SSL(true, true);

    private final boolean encrypted;
    private final boolean authenticated;

    SecurityProtocol(boolean encrypted, boolean authenticated) {
        this.encrypted = encrypted;
        this.authenticated = authenticated;
    }

    /**
     * Reads one of the names; surrounding blanks and case do not matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static SecurityProtocol parse(String text) {
        return Choices.parse(values(), text);
    }

    /** Whether connections use TLS. */
    public boolean usesTls() {
        return encrypted;
    }

    /** Whether the client authenticates with SASL. */
    public boolean usesSasl() {
        return authenticated;
    }
}
