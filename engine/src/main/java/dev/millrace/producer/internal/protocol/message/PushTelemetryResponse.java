package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * Answer to {@link PushTelemetryRequest}, v0.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (KIP-219)
 * @param error why the metrics were not taken, or NONE
 */
public record PushTelemetryResponse(int throttleTimeMillis, ErrorCode error) implements ThrottledResponse {

    /** Reads the body. */
    public static PushTelemetryResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        PushTelemetryResponse response = new PushTelemetryResponse(in.readInt32(), ErrorCode.of(in.readInt16()));
        in.endStruct();
        return response;
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, @SuppressWarnings("unused") short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeInt16(error.code());
        out.endStruct();
    }
}
