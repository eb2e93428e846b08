package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateResponse;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeResponse;
import dev.millrace.producer.security.SaslMechanism;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of one authentication (KIP-43, KIP-152, KIP-368): what the client does next after each event, and what it must
 * not accept. Pure; the owner sends, computes and tells the results.
 */
public final class SaslDialogue {

    private static final int MAX_TOKEN_BYTES = 512 * 1024; // what a broker takes by default, too
    private static final int MAX_ROUNDS = 16; // the longest mechanism needs four
    private static final int MAX_SHOWN_CHARACTERS = 500;

    private final SaslMechanism mechanism;

    private SaslState state = SaslState.LOGGING_IN;
    private int rounds;
    private boolean mechanismComplete;
    private byte[] token = {}; // to be sent, or, while evaluating, what came
    private long sessionLifetimeMillis;
    private @Nullable SaslProblem problem;

    /** Begins with {@link SaslState#LOGGING_IN}. */
    public SaslDialogue(SaslMechanism mechanism) {
        this.mechanism = mechanism;
    }

    /** What is going on now. */
    public SaslState state() {
        return state;
    }

    /** The token to send while the broker is awaited, the token to look at while evaluating. */
    public byte[] token() {
        return token;
    }

    /** For how long the broker takes requests from now on, 0 for ever; known when done. */
    public long sessionLifetimeMillis() {
        return sessionLifetimeMillis;
    }

    /**
     * Why it failed.
     *
     * @throws IllegalStateException unless it has
     */
    public SaslProblem problem() {
        SaslProblem known = problem;
        if (known == null) {
            throw new IllegalStateException("has not failed: state=" + state);
        }
        return known;
    }

    /** The credentials are there, and the first token. */
    public void loggedIn(SaslReply first) {
        byte[] bytes = first.token();
        if (bytes == null) {
            throw new IllegalArgumentException("every mechanism begins with a token of the client");
        }
        moveTo(SaslState.HANDSHAKING);
        token = bytes;
        mechanismComplete = first.isComplete();
    }

    /** The broker's answer to the mechanism. */
    public void onHandshake(SaslHandshakeResponse response) {
        if (response.error() == ErrorCode.NONE) {
            if (response.mechanisms().contains(mechanism.wireName())) {
                send(token);
            } else {
                fail(SaslProblem.untrustworthy("the broker takes the mechanism " + mechanism
                        + " and names only others: " + shown(response.mechanisms())));
            }
            return;
        }
        fail(SaslProblem.refused(
                handshakeRefusal(response), response.error(), handshakeRemedy(response.error()), null));
    }

    private String handshakeRefusal(SaslHandshakeResponse response) {
        if (response.error() == ErrorCode.UNSUPPORTED_SASL_MECHANISM) {
            return "the broker does not offer the mechanism " + mechanism + ", it offers "
                    + shown(response.mechanisms());
        }
        return "the broker refuses the handshake";
    }

    private static String handshakeRemedy(ErrorCode error) {
        return switch (error) {
            case UNSUPPORTED_SASL_MECHANISM -> "use one of those, or enable this one on the broker's listener";
            case ILLEGAL_SASL_STATE -> "the listener does not authenticate with SASL: check the port and the protocol";
            default -> "check the broker's log";
        };
    }

    /** The broker's answer to a token. */
    public void onAnswer(SaslAuthenticateResponse response) {
        if (response.error() != ErrorCode.NONE) {
            refused(response, null);
        } else if (response.token().length > MAX_TOKEN_BYTES) {
            fail(SaslProblem.untrustworthy(
                    "the broker's token has " + response.token().length + " B, more than " + MAX_TOKEN_BYTES + " B"));
        } else {
            sessionLifetimeMillis = Math.max(0, response.sessionLifetimeMillis());
            proceed(response.token());
        }
    }

    private void proceed(byte[] challenge) {
        if (!mechanismComplete) {
            moveTo(SaslState.EVALUATING);
            token = challenge;
        } else if (challenge.length == 0) {
            moveTo(SaslState.DONE);
        } else {
            fail(SaslProblem.untrustworthy(
                    "the broker sends " + challenge.length + " B after the end of " + mechanism));
        }
    }

    /** As {@link #onAnswer}, with what the mechanism had heard from the broker before. */
    public void onAnswer(SaslAuthenticateResponse response, @Nullable String objection) {
        if (response.error() != ErrorCode.NONE) {
            refused(response, objection);
        } else {
            onAnswer(response);
        }
    }

    private void refused(SaslAuthenticateResponse response, @Nullable String objection) {
        String words = response.errorMessage();
        String text = objection == null ? words : words == null ? objection : words + " " + objection;
        fail(SaslProblem.refused(
                "the broker refuses the client",
                response.error(),
                SaslRemedies.of(mechanism),
                text == null ? null : shown(text)));
    }

    /** What the mechanism makes of the broker's token. */
    public void evaluated(SaslReply reply) {
        byte[] bytes = reply.token();
        mechanismComplete = reply.isComplete();
        if (bytes != null) {
            send(bytes);
        } else {
            moveTo(SaslState.DONE);
        }
    }

    /** There are no credentials, or the mechanism does not believe the broker. */
    public void fail(SaslProblem cause) {
        moveTo(SaslState.FAILED);
        token = new byte[0];
        problem = cause;
    }

    private void send(byte[] bytes) {
        rounds++;
        if (rounds > MAX_ROUNDS) {
            fail(SaslProblem.untrustworthy("the broker does not come to an end after " + MAX_ROUNDS + " tokens"));
            return;
        }
        moveTo(SaslState.AWAITING_BROKER);
        token = bytes;
    }

    private void moveTo(SaslState next) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("illegal move: mechanism=" + mechanism + " from=" + state + " to=" + next);
        }
        state = next;
    }

    private static String shown(List<String> mechanisms) {
        return mechanisms.isEmpty() ? "none" : shown(String.join(", ", mechanisms));
    }

    /** What a broker says goes into messages and logs: bounded, and in one line. */
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MAX_SHOWN_CHARACTERS ? line : line.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }

    @Override
    public String toString() {
        return mechanism + " " + state + " round=" + rounds;
    }
}
