package dev.millrace.producer.internal.network.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.security.Token;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * OAUTHBEARER (RFC 7628): the token and its extensions. A broker that refuses says why in JSON, wants one byte for an
 * answer, and only then ends the authentication with an error.
 */
final class OAuthBearerExchange implements SaslExchange {

    private static final char SEPARATOR = 1;
    private static final byte[] ACKNOWLEDGED = {SEPARATOR};
    private static final int MAX_SHOWN_CHARACTERS = 500;

    private final Token token;
    private @Nullable String objection; // the broker's words, null unless it refused

    OAuthBearerExchange(Token token) {
        this.token = token;
    }

    @Override
    public SaslReply begin() {
        StringBuilder text = new StringBuilder("n,,").append(SEPARATOR);
        text.append("auth=Bearer ").append(token.value()).append(SEPARATOR);
        new TreeMap<>(token.extensions())
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append(SEPARATOR));
        return SaslReply.token(text.append(SEPARATOR).toString().getBytes(UTF_8));
    }

    @Override
    public SaslReply answer(byte[] challenge) throws SaslProblem {
        String before = objection;
        if (before != null) {
            throw SaslProblem.refused(
                    "the broker refuses the token", ErrorCode.SASL_AUTHENTICATION_FAILED, SaslRemedies.TOKEN, before);
        }
        if (challenge.length == 0) {
            return SaslReply.satisfied();
        }
        objection = shown(new String(challenge, UTF_8));
        return SaslReply.token(ACKNOWLEDGED.clone());
    }

    @Override
    public @Nullable String objection() {
        return objection;
    }

    /** The broker's text goes into messages and logs: bounded, in one line, and without the token should it be in there. */
    private String shown(String text) {
        String line = text.replace(token.value(), "***").replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MAX_SHOWN_CHARACTERS ? line : line.substring(0, MAX_SHOWN_CHARACTERS) + "…";
    }
}
