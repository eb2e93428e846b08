package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * ApiVersions v0-4, the first request on a connection. Empty below v3.
 *
 * <p>From v3 on a broker refuses names and versions (INVALID_REQUEST) that are not letters, digits, dots and hyphens
 * with a letter or digit at both ends (KIP-511).
 *
 * @param softwareName name of the client library; empty where a version does not carry it
 * @param softwareVersion version of the client library; empty where a version does not carry it
 */
public record ApiVersionsRequest(String softwareName, String softwareVersion)
        implements ApiRequest<ApiVersionsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.API_VERSIONS;
    }

    @Override
    public void write(WireWriter out, short version) {
        if (version >= 3) {
            out.writeString(softwareName);
            out.writeString(softwareVersion);
        }
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static ApiVersionsRequest read(WireReader in, short version) {
        String softwareName = version >= 3 ? in.readString() : "";
        String softwareVersion = version >= 3 ? in.readString() : "";
        in.endStruct();
        return new ApiVersionsRequest(softwareName, softwareVersion);
    }

    @Override
    public ApiVersionsResponse readResponse(WireReader in, short version) {
        return ApiVersionsResponse.read(in, version);
    }
}
