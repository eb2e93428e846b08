package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * A broker does not believe who the client is, or the client cannot say it: wrong password, mechanism not offered, token
 * refused, no credentials to be had, or a broker that cannot prove that it knows the password itself. Known as {@code
 * SaslAuthenticationException} and {@code UnsupportedSaslMechanismException} in Kafka.
 */
public final class SaslAuthenticationException extends AuthenticationException {

    private static final long serialVersionUID = 1L;

    private final String mechanism;
    private final @Nullable String brokerMessage;

    /**
     * With the facts a program can act on.
     *
     * @param mechanism the SASL mechanism
     * @param brokerMessage what the broker said, null if it said nothing
     */
    public SaslAuthenticationException(
            String message,
            FailureDetails details,
            String mechanism,
            @Nullable String brokerMessage,
            @Nullable Throwable cause) {
        super(message, details, cause);
        this.mechanism = mechanism;
        this.brokerMessage = brokerMessage;
    }

    /** The SASL mechanism, such as {@code SCRAM-SHA-256}. */
    public String mechanism() {
        return mechanism;
    }

    /** What the broker said, null if it said nothing. */
    public @Nullable String brokerMessage() {
        return brokerMessage;
    }
}
