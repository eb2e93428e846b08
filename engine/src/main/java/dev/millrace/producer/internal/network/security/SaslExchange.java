package dev.millrace.producer.internal.network.security;

import org.jspecify.annotations.Nullable;

/**
 * The client's half of one authentication by one mechanism. By one thread at a time and never on the event loop, for it may
 * compute for long or talk to others.
 */
public interface SaslExchange {

    /**
     * The first token.
     *
     * @throws SaslProblem if there is none
     */
    SaslReply begin() throws SaslProblem;

    /**
     * Goes on after a token of the broker, which may be empty.
     *
     * @throws SaslProblem if the broker must not be believed, or refuses in the mechanism's own words
     */
    SaslReply answer(byte[] challenge) throws SaslProblem;

    /** What the broker said against the client in the mechanism's own words so far, null if nothing. */
    default @Nullable String objection() {
        return null;
    }
}
