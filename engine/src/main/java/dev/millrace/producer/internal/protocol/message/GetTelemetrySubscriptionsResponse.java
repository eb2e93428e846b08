package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;
import java.util.UUID;

/**
 * Answer to {@link GetTelemetrySubscriptionsRequest}, v0.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (KIP-219)
 * @param error why there is no subscription, or NONE
 * @param clientInstanceId the id given, or the one of the request
 * @param subscriptionId the version of the subscription, to be named in each push
 * @param acceptedCompressionTypes the broker's codecs by their numbers, its favourite first; empty for none
 * @param pushIntervalMillis the pause between two pushes
 * @param telemetryMaxBytes the largest push it takes
 * @param deltaTemporality whether sums count from the last push on and not from the beginning
 * @param requestedMetrics prefixes of the names wanted; the empty one means all, an empty list nothing
 */
public record GetTelemetrySubscriptionsResponse(
        int throttleTimeMillis,
        ErrorCode error,
        UUID clientInstanceId,
        int subscriptionId,
        List<Byte> acceptedCompressionTypes,
        int pushIntervalMillis,
        int telemetryMaxBytes,
        boolean deltaTemporality,
        List<String> requestedMetrics)
        implements ThrottledResponse {

    private static final int MIN_NAME_BYTES = 1;

    /** Reads the body. */
    public static GetTelemetrySubscriptionsResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        GetTelemetrySubscriptionsResponse response = new GetTelemetrySubscriptionsResponse(
                in.readInt32(),
                ErrorCode.of(in.readInt16()),
                in.readUuid(),
                in.readInt32(),
                in.readArray(Byte.BYTES, in::readInt8),
                in.readInt32(),
                in.readInt32(),
                in.readBoolean(),
                in.readArray(MIN_NAME_BYTES, in::readString));
        in.endStruct();
        return response;
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, @SuppressWarnings("unused") short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeInt16(error.code());
        out.writeUuid(clientInstanceId);
        out.writeInt32(subscriptionId);
        out.writeArray(acceptedCompressionTypes, out::writeInt8);
        out.writeInt32(pushIntervalMillis);
        out.writeInt32(telemetryMaxBytes);
        out.writeBoolean(deltaTemporality);
        out.writeArray(requestedMetrics, out::writeString);
        out.endStruct();
    }
}
