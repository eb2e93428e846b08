package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.UUID;

/**
 * GetTelemetrySubscriptions v0 (KIP-714).
 *
 * @param clientInstanceId what the cluster calls this client; zero the first time, so that it gives an id
 */
public record GetTelemetrySubscriptionsRequest(UUID clientInstanceId)
        implements ApiRequest<GetTelemetrySubscriptionsResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeUuid(clientInstanceId);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static GetTelemetrySubscriptionsRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        GetTelemetrySubscriptionsRequest request = new GetTelemetrySubscriptionsRequest(in.readUuid());
        in.endStruct();
        return request;
    }

    @Override
    public GetTelemetrySubscriptionsResponse readResponse(WireReader in, short version) {
        return GetTelemetrySubscriptionsResponse.read(in, version);
    }
}
