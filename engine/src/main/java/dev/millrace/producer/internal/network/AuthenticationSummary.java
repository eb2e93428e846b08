package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * How an authentication ended, by SASL or by a TLS handshake.
 *
 * @param renewal whether it was over a connection in use
 * @param nanos how long it took, 0 if it failed
 * @param refusal null if both sides agree
 */
public record AuthenticationSummary(boolean renewal, long nanos, @Nullable AuthenticationException refusal) {

    static AuthenticationSummary first(long nanos) {
        return new AuthenticationSummary(false, nanos, null);
    }

    static AuthenticationSummary renewed(long nanos) {
        return new AuthenticationSummary(true, nanos, null);
    }
}
