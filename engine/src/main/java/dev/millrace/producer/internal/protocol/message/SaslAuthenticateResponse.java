package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link SaslAuthenticateRequest}, v0-2.
 *
 * @param error SASL_AUTHENTICATION_FAILED, ILLEGAL_SASL_STATE or NONE
 * @param errorMessage the broker's words
 * @param token the mechanism's bytes, not copied; {@link #toString} does not show them
 * @param sessionLifetimeMillis when the client has to authenticate again, 0 for never (v1+, KIP-368)
 */
@SuppressWarnings("ArrayRecordComponent") // the mechanism gives and takes bytes; equals compares them
public record SaslAuthenticateResponse(
        ErrorCode error, @Nullable String errorMessage, byte[] token, long sessionLifetimeMillis) {

    private static final int FIRST_VERSION_WITH_LIFETIME = 1;

    /** Reads the body. */
    public static SaslAuthenticateResponse read(WireReader in, short version) {
        ErrorCode error = ErrorCode.of(in.readInt16());
        String errorMessage = in.readNullableMessage();
        byte[] token = in.readBytes();
        long sessionLifetimeMillis = version >= FIRST_VERSION_WITH_LIFETIME ? in.readInt64() : 0;
        in.endStruct();
        return new SaslAuthenticateResponse(error, errorMessage, token, sessionLifetimeMillis);
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, short version) {
        out.writeInt16(error.code());
        out.writeNullableString(errorMessage);
        out.writeBytes(token);
        if (version >= FIRST_VERSION_WITH_LIFETIME) {
            out.writeInt64(sessionLifetimeMillis);
        }
        out.endStruct();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SaslAuthenticateResponse that
                && error == that.error
                && Objects.equals(errorMessage, that.errorMessage)
                && Arrays.equals(token, that.token)
                && sessionLifetimeMillis == that.sessionLifetimeMillis;
    }

    @Override
    public int hashCode() {
        return Objects.hash(error, errorMessage, Arrays.hashCode(token), sessionLifetimeMillis);
    }

    @Override
    public String toString() {
        return "SaslAuthenticateResponse[error=" + error + ", errorMessage=" + errorMessage + ", token=" + token.length
                + " B, sessionLifetimeMillis=" + sessionLifetimeMillis + "]";
    }
}
