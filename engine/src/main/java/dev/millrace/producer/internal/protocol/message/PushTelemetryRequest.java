package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * PushTelemetry v0 (KIP-714).
 *
 * @param clientInstanceId the id the cluster gave
 * @param subscriptionId which subscription is served
 * @param terminating whether the client ends and this is its last push
 * @param compressionType the codec of the metrics by its number, 0 for none
 * @param metrics OTLP MetricsData, compressed; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // what the encoder makes is what goes on the wire; equals compares the bytes
public record PushTelemetryRequest(
        UUID clientInstanceId, int subscriptionId, boolean terminating, byte compressionType, byte[] metrics)
        implements ApiRequest<PushTelemetryResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.PUSH_TELEMETRY;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeUuid(clientInstanceId);
        out.writeInt32(subscriptionId);
        out.writeBoolean(terminating);
        out.writeInt8(compressionType);
        out.writeBytes(metrics);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static PushTelemetryRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        PushTelemetryRequest request = new PushTelemetryRequest(
                in.readUuid(), in.readInt32(), in.readBoolean(), in.readInt8(), in.readBytes());
        in.endStruct();
        return request;
    }

    @Override
    public PushTelemetryResponse readResponse(WireReader in, short version) {
        return PushTelemetryResponse.read(in, version);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PushTelemetryRequest that
                && clientInstanceId.equals(that.clientInstanceId)
                && subscriptionId == that.subscriptionId
                && terminating == that.terminating
                && compressionType == that.compressionType
                && Arrays.equals(metrics, that.metrics);
    }

    @Override
    public int hashCode() {
        return Objects.hash(clientInstanceId, subscriptionId, terminating, compressionType, Arrays.hashCode(metrics));
    }

    @Override
    public String toString() {
        return "PushTelemetryRequest[clientInstanceId=" + clientInstanceId + ", subscriptionId=" + subscriptionId
                + ", terminating=" + terminating + ", compressionType=" + compressionType + ", metrics="
                + metrics.length + " B]";
    }
}
