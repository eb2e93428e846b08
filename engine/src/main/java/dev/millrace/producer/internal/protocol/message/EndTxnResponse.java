package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * Answer to {@link EndTxnRequest}, v0-5.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (to be honoured from v1 on, KIP-219)
 * @param error why the transaction is not ended, or NONE; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH below v2 (KIP-588),
 *     TRANSACTION_ABORTABLE comes from v4 on
 * @param producerId the producer id of the next transaction, another one when the epochs are used up; -1 if the
 *     producer keeps what it has (v5+, KIP-890)
 * @param producerEpoch the epoch of the next transaction; -1 if the producer id is
 */
public record EndTxnResponse(int throttleTimeMillis, ErrorCode error, long producerId, short producerEpoch)
        implements ThrottledResponse {

    private static final int FIRST_VERSION_WITH_IDENTITY = 5;

    /** Reads the body. */
    public static EndTxnResponse read(WireReader in, short version) {
        int throttleTimeMillis = in.readInt32();
        ErrorCode error = ErrorCode.of(in.readInt16());
        long producerId = version >= FIRST_VERSION_WITH_IDENTITY ? in.readInt64() : -1;
        short producerEpoch = version >= FIRST_VERSION_WITH_IDENTITY ? in.readInt16() : -1;
        in.endStruct();
        return new EndTxnResponse(throttleTimeMillis, error, producerId, producerEpoch);
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeInt16(error.code());
        if (version >= FIRST_VERSION_WITH_IDENTITY) {
            out.writeInt64(producerId);
            out.writeInt16(producerEpoch);
        }
        out.endStruct();
    }
}
