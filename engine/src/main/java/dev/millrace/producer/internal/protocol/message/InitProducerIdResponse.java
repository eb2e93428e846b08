package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * Answer to {@link InitProducerIdRequest}, v1-5, the same fields in all of them.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (KIP-219)
 * @param error why there is no identity, or NONE; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH below v4
 * @param producerId the producer id, -1 with an error
 * @param producerEpoch its epoch
 */
public record InitProducerIdResponse(int throttleTimeMillis, ErrorCode error, long producerId, short producerEpoch)
        implements ThrottledResponse {

    /** Reads the body; every version has the same fields. */
    public static InitProducerIdResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        InitProducerIdResponse response = new InitProducerIdResponse(
                in.readInt32(), ErrorCode.of(in.readInt16()), in.readInt64(), in.readInt16());
        in.endStruct();
        return response;
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, @SuppressWarnings("unused") short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeInt16(error.code());
        out.writeInt64(producerId);
        out.writeInt16(producerEpoch);
        out.endStruct();
    }
}
