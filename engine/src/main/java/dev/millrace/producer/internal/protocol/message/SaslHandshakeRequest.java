package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * SaslHandshake v0-1. Version 1 announces {@link SaslAuthenticateRequest}; after version 0 the tokens go bare, each
 * behind its size, without any header.
 *
 * @param mechanism name of the SASL mechanism
 */
public record SaslHandshakeRequest(String mechanism) implements ApiRequest<SaslHandshakeResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.SASL_HANDSHAKE;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeString(mechanism);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote; both versions have the same fields. */
    public static SaslHandshakeRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        SaslHandshakeRequest request = new SaslHandshakeRequest(in.readString());
        in.endStruct();
        return request;
    }

    @Override
    public SaslHandshakeResponse readResponse(WireReader in, short version) {
        return SaslHandshakeResponse.read(in, version);
    }
}
