package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;

/**
 * Answer to {@link SaslHandshakeRequest}, v0-1, the same fields in both.
 *
 * @param error UNSUPPORTED_SASL_MECHANISM, ILLEGAL_SASL_STATE or NONE
 * @param mechanisms names of the mechanisms the listener accepts
 */
public record SaslHandshakeResponse(ErrorCode error, List<String> mechanisms) {

    private static final int MIN_MECHANISM_BYTES = 2;

    /** Reads the body. */
    public static SaslHandshakeResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        SaslHandshakeResponse response = new SaslHandshakeResponse(
                ErrorCode.of(in.readInt16()), in.readArray(MIN_MECHANISM_BYTES, in::readString));
        in.endStruct();
        return response;
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, @SuppressWarnings("unused") short version) {
        out.writeInt16(error.code());
        out.writeArray(mechanisms, out::writeString);
        out.endStruct();
    }
}
