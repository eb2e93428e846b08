package dev.millrace.producer.internal.network.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateRequest;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeRequest;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.UserCredentials;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * Whatever a broker answers, an authentication goes on, is done or has failed; and nobody who does not know the password is
 * believed to by SCRAM. The first byte of an input chooses the mechanism; the rest are answers without header, each behind its
 * length in one byte: to the handshake, then to tokens.
 */
public final class SaslFuzz {

    private static final String NONCE = "nonce";
    private static final short AUTHENTICATE_VERSION = 2;

    /** Allowed, and only slow here. */
    private static final Pattern MANY_ITERATIONS = Pattern.compile("i=0*[1-9][0-9]{4}");

    private SaslFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0
                || MANY_ITERATIONS.matcher(new String(data, ISO_8859_1)).find()) {
            return;
        }
        SaslMechanism mechanism = mechanism(data[0]);
        ByteBuffer answers = ByteBuffer.wrap(data, 1, data.length - 1);
        SaslDialogue dialogue = new SaslDialogue(mechanism);
        try {
            authenticate(dialogue, exchange(mechanism), answers);
        } catch (MalformedResponseException expected) {
            return; // which costs the connection
        }
        boolean isScram = mechanism == SaslMechanism.SCRAM_SHA_256 || mechanism == SaslMechanism.SCRAM_SHA_512;
        if (isScram && dialogue.state() == SaslState.DONE) {
            throw new IllegalStateException("a broker that does not know the password is believed: " + dialogue);
        }
    }

    private static void authenticate(SaslDialogue dialogue, SaslExchange exchange, ByteBuffer answers) {
        try {
            dialogue.loggedIn(exchange.begin());
            while (dialogue.state() == SaslState.EVALUATING || answers.hasRemaining()) {
                switch (dialogue.state()) {
                    case HANDSHAKING ->
                        dialogue.onHandshake(ResponseFrame.decode(
                                next(answers), new SaslHandshakeRequest(dialogue.toString()), (short) 1));
                    case AWAITING_BROKER ->
                        dialogue.onAnswer(
                                ResponseFrame.decode(
                                        next(answers),
                                        new SaslAuthenticateRequest(dialogue.token()),
                                        AUTHENTICATE_VERSION),
                                exchange.objection());
                    case EVALUATING -> dialogue.evaluated(exchange.answer(dialogue.token()));
                    default -> {
                        return;
                    }
                }
            }
        } catch (SaslProblem problem) {
            dialogue.fail(problem);
        }
    }

    private static ByteBuffer next(ByteBuffer answers) {
        int length = Math.min(answers.get() & 0xff, answers.remaining());
        ByteBuffer answer = answers.slice(answers.position(), length);
        answers.position(answers.position() + length);
        return answer;
    }

    private static SaslMechanism mechanism(byte choice) {
        return switch (choice & 3) {
            case 0 -> SaslMechanism.PLAIN;
            case 1 -> SaslMechanism.SCRAM_SHA_256;
            case 2 -> SaslMechanism.SCRAM_SHA_512;
            default -> SaslMechanism.OAUTHBEARER;
        };
    }

    private static SaslExchange exchange(SaslMechanism mechanism) {
        UserCredentials alice = UserCredentials.of("alice", "secret");
        return switch (mechanism) {
            case PLAIN -> new PlainExchange(alice);
            case OAUTHBEARER -> new OAuthBearerExchange(Token.withoutEnd("token"));
            default -> new ScramExchange(mechanism, alice, () -> NONCE);
        };
    }
}
