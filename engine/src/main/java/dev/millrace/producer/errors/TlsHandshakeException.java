package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * Client and broker do not agree on TLS: an authority that is not trusted, a certificate for another name, a certificate
 * the broker wants and does not get. Known as {@code SslAuthenticationException} in Kafka. A connection that merely breaks
 * during the handshake is none.
 */
public final class TlsHandshakeException extends AuthenticationException {

    private static final long serialVersionUID = 1L;

    /** With the facts a program can act on. */
    public TlsHandshakeException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }
}
