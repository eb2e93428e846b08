package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SaslAuthenticate v0-2. Carries one token of the SASL mechanism.
 *
 * @param token the mechanism's bytes, not copied; a secret, which {@link #toString} does not show
 */
@SuppressWarnings("ArrayRecordComponent") // the mechanism gives and takes bytes; equals compares them
public record SaslAuthenticateRequest(byte[] token) implements ApiRequest<SaslAuthenticateResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.SASL_AUTHENTICATE;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeBytes(token);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote; every version has the same fields. */
    public static SaslAuthenticateRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        SaslAuthenticateRequest request = new SaslAuthenticateRequest(in.readBytes());
        in.endStruct();
        return request;
    }

    @Override
    public SaslAuthenticateResponse readResponse(WireReader in, short version) {
        return SaslAuthenticateResponse.read(in, version);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SaslAuthenticateRequest that && Arrays.equals(token, that.token);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(token);
    }

    @Override
    public String toString() {
        return "SaslAuthenticateRequest[token=" + token.length + " B]";
    }
}
