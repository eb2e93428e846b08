package dev.millrace.producer.internal.network.security;

import org.jspecify.annotations.Nullable;

/** What the client's half of a mechanism does next. Immutable; shows no bytes. */
public final class SaslReply {

    private static final SaslReply SATISFIED = new SaslReply(null, true);

    private final byte @Nullable [] token;
    private final boolean complete;

    private SaslReply(byte @Nullable [] token, boolean complete) {
        this.token = token;
        this.complete = complete;
    }

    /** Sends this and needs an answer to go on. */
    static SaslReply token(byte[] token) {
        return new SaslReply(token, false);
    }

    /** Sends this, after which the mechanism has nothing left to say or to check; the broker's verdict is still to come. */
    static SaslReply lastToken(byte[] token) {
        return new SaslReply(token, true);
    }

    /** What the broker sent last was all that was needed. */
    static SaslReply satisfied() {
        return SATISFIED;
    }

    /** The bytes to send, null if there are none. */
    public byte @Nullable [] token() {
        return token;
    }

    /** Whether the mechanism has ended on this side. */
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String toString() {
        return "SaslReply[token=" + (token == null ? "none" : token.length + " B") + ", complete=" + complete + "]";
    }
}
