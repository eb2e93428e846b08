package dev.millrace.producer.internal.network.security;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of one authentication.
 *
 * @param exchange the client's half
 * @param first its first token
 * @param secret what it was made of, null if nothing is kept of that
 */
public record LoggedIn(SaslExchange exchange, SaslReply first, @Nullable Object secret) {

    /** Nothing of what it holds. */
    @Override
    public String toString() {
        return "LoggedIn[" + first + "]";
    }
}
