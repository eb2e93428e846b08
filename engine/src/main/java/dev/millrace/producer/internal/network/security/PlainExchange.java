package dev.millrace.producer.internal.network.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.security.UserCredentials;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/** PLAIN (RFC 4616): one token of an empty authorization id, the user and the password. */
final class PlainExchange implements SaslExchange {

    private final UserCredentials credentials;

    PlainExchange(UserCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public SaslReply begin() {
        ByteBuffer user = UTF_8.encode(credentials.user());
        ByteBuffer password = UTF_8.encode(CharBuffer.wrap(credentials.password()));
        byte[] token = new byte[2 + user.remaining() + password.remaining()];
        ByteBuffer out = ByteBuffer.wrap(token);
        out.put((byte) 0).put(user).put((byte) 0).put(password);
        return SaslReply.lastToken(token);
    }

    @Override
    public SaslReply answer(byte[] challenge) throws SaslProblem {
        throw SaslProblem.untrustworthy("the broker asks PLAIN for a second token");
    }
}
