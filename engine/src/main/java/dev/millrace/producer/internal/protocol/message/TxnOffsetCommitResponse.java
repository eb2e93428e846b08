package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;

/**
 * Answer to {@link TxnOffsetCommitRequest}, v0-5, the same fields in all of them.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (to be honoured from v1 on, KIP-219)
 * @param topics the results; TRANSACTION_ABORTABLE comes from v4 on (KIP-890)
 */
public record TxnOffsetCommitResponse(int throttleTimeMillis, List<TopicErrors> topics) implements ThrottledResponse {

    /** Reads the body. */
    public static TxnOffsetCommitResponse read(WireReader in, @SuppressWarnings("unused") short version) {
        TxnOffsetCommitResponse response = new TxnOffsetCommitResponse(
                in.readInt32(), in.readArray(TopicErrors.MIN_BYTES, () -> TopicErrors.read(in)));
        in.endStruct();
        return response;
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, @SuppressWarnings("unused") short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeArray(topics, topic -> topic.write(out));
        out.endStruct();
    }
}
