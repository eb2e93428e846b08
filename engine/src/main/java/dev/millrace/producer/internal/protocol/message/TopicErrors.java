package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;

/**
 * What became of the partitions of one topic, as AddPartitionsToTxn and TxnOffsetCommit answer it.
 *
 * @param name the topic
 * @param partitions a result per partition
 */
public record TopicErrors(String name, List<PartitionError> partitions) {

    static final int MIN_BYTES = 3;

    private static final int MIN_PARTITION_BYTES = 6;

    static TopicErrors read(WireReader in) {
        String name = in.readString();
        List<PartitionError> partitions = in.readArray(MIN_PARTITION_BYTES, () -> PartitionError.read(in));
        in.endStruct();
        return new TopicErrors(name, partitions);
    }

    void write(WireWriter out) {
        out.writeString(name);
        out.writeArray(partitions, partition -> partition.write(out));
        out.endStruct();
    }

    /**
     * What became of one partition.
     *
     * @param index number of the partition
     * @param error what is wrong, or NONE
     */
    public record PartitionError(int index, ErrorCode error) {

        static PartitionError read(WireReader in) {
            PartitionError partition = new PartitionError(in.readInt32(), ErrorCode.of(in.readInt16()));
            in.endStruct();
            return partition;
        }

        void write(WireWriter out) {
            out.writeInt32(index);
            out.writeInt16(error.code());
            out.endStruct();
        }
    }
}
