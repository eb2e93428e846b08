package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * A broker does not believe who the client is, or the client cannot say it: wrong password, mechanism not offered, token
 * refused, no credentials to be had (Kafka's SaslAuthenticationException and UnsupportedSaslMechanismException). Each
 * connection tries again after a pause that grows up to 30 s, at once when the credentials change.
 */
public class AuthenticationException extends ProducerException {

    private static final long serialVersionUID = 1L;

    private final String mechanism;
    private final @Nullable String brokerMessage;

    /**
     * With the facts a program can act on.
     *
     * @param mechanism the SASL mechanism
     * @param brokerMessage what the broker said, null if it said nothing
     */
    public AuthenticationException(
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
    public final String mechanism() {
        return mechanism;
    }

    /** What the broker said, null if it said nothing. */
    public final @Nullable String brokerMessage() {
        return brokerMessage;
    }
}
