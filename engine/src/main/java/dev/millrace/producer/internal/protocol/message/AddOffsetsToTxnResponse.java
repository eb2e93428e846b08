package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * Answer to {@link AddOffsetsToTxnRequest}, v0-4, the same fields in all of them.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (to be honoured from v1 on, KIP-219)
 * @param error why the group is not in the transaction, or NONE; PRODUCER_FENCED is INVALID_PRODUCER_EPOCH below v2
 *     (KIP-588), TRANSACTION_ABORTABLE comes from v4 on (KIP-890)
 */
public record AddOffsetsToTxnResponse(int throttleTimeMillis, ErrorCode error) implements ThrottledResponse {

    /** Reads the body. */
    public static AddOffsetsToTxnResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        AddOffsetsToTxnResponse response = new AddOffsetsToTxnResponse(in.readInt32(), ErrorCode.of(in.readInt16()));
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
