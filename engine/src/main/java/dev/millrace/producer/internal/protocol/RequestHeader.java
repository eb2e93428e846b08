package dev.millrace.producer.internal.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a request's body: header v1, and v2 for flexible versions.
 *
 * <pre>
 * api_key int16 | api_version int16 | correlation_id int32 | client_id string? | tagged fields (v2)
 * </pre>
 *
 * <p>The client id has its int16 length in both, so that a broker can read it before it knows the version (KIP-482).
 *
 * @param apiKey the API as on the wire, also one this engine does not know
 * @param apiVersion layout of the body and of its response
 * @param correlationId repeated by the response
 * @param clientId name of the client in the broker's logs and quotas
 */
public record RequestHeader(short apiKey, short apiVersion, int correlationId, @Nullable String clientId) {

    /** Writes the header and leaves the writer in the form of the body. */
    public void write(WireWriter out) {
        out.setFlexible(false);
        out.writeInt16(apiKey);
        out.writeInt16(apiVersion);
        out.writeInt32(correlationId);
        out.writeNullableString(clientId);
        out.setFlexible(isFlexible());
        out.endStruct();
    }

    /**
     * Reads a header and leaves the reader in the form of the body. Behind the header of an API this engine does not
     * know, nothing can be read: its form is not known.
     */
    public static RequestHeader read(WireReader in) {
        in.setFlexible(false);
        RequestHeader header =
                new RequestHeader(in.readInt16(), in.readInt16(), in.readInt32(), in.readNullableString());
        in.setFlexible(header.isFlexible());
        in.endStruct();
        return header;
    }

    private boolean isFlexible() {
        ApiKey known = ApiKey.of(apiKey);
        return known != null && known.isFlexible(apiVersion);
    }
}
