package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * The cluster does not accept this client, or this client does not accept the cluster. Known as {@code
 * SaslAuthenticationException} in Kafka. Connections are tried again, with pauses of up to 30 s and at once when
 * credentials change: a producer need not be opened anew.
 */
public class AuthenticationException extends ProducerException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public AuthenticationException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
