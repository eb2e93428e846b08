package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Produce v7-13. With {@code acks} 0 there is no response at all.
 *
 * @param transactionalId the transactional id, null if the batches are in no transaction
 * @param acks -1 all in-sync replicas, 1 the leader, 0 nobody
 * @param timeoutMillis how long the broker may wait for replicas
 * @param topics what to append, each topic once
 */
public record ProduceRequest(@Nullable String transactionalId, short acks, int timeoutMillis, List<TopicData> topics)
        implements ApiRequest<ProduceResponse> {

    private static final int MIN_TOPIC_BYTES = 3;
    private static final int MIN_PARTITION_BYTES = 6;

    @Override
    public ApiKey apiKey() {
        return ApiKey.PRODUCE;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeNullableString(transactionalId);
        out.writeInt16(acks);
        out.writeInt32(timeoutMillis);
        out.writeArray(topics, topic -> topic.write(out, version));
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. The batches are views of the frame. */
    public static ProduceRequest read(WireReader in, short version) {
        String transactionalId = in.readNullableString();
        short acks = in.readInt16();
        int timeoutMillis = in.readInt32();
        List<TopicData> topics = in.readArray(MIN_TOPIC_BYTES, () -> TopicData.read(in, version));
        in.endStruct();
        return new ProduceRequest(transactionalId, acks, timeoutMillis, topics);
    }

    @Override
    public ProduceResponse readResponse(WireReader in, short version) {
        return ProduceResponse.read(in, version);
    }

    /**
     * What goes to one topic.
     *
     * @param name the topic, as sent up to v12; empty when read from v13
     * @param topicId the topic, as sent from v13 on; zero when read from an earlier version
     * @param partitions what goes to each partition, each partition once
     */
    public record TopicData(String name, UUID topicId, List<PartitionData> partitions) {

        static TopicData read(WireReader in, short version) {
            String name = version <= 12 ? in.readString() : "";
            UUID topicId = version >= 13 ? in.readUuid() : TopicIds.UNKNOWN;
            List<PartitionData> partitions = in.readArray(MIN_PARTITION_BYTES, () -> PartitionData.read(in));
            in.endStruct();
            return new TopicData(name, topicId, partitions);
        }

        void write(WireWriter out, short version) {
            if (version <= 12) {
                out.writeString(name);
            } else {
                out.writeUuid(topicId);
            }
            out.writeArray(partitions, partition -> partition.write(out));
            out.endStruct();
        }
    }

    /**
     * One batch for one partition; a broker accepts no more than one.
     *
     * @param index number of the partition
     * @param records the batch in pieces, each from position to limit; borrowed until the frame is written, their
     *     positions are left alone
     * @param recordsBytes the sum of the pieces
     */
    public record PartitionData(int index, List<ByteBuffer> records, int recordsBytes) {

        static PartitionData read(WireReader in) {
            int index = in.readInt32();
            ByteBuffer records = in.readNullableRecords();
            if (records == null) {
                throw new MalformedResponseException("no batch for partition " + index);
            }
            in.endStruct();
            return new PartitionData(index, List.of(records), records.remaining());
        }

        void write(WireWriter out) {
            out.writeInt32(index);
            out.writeRecords(records, recordsBytes);
            out.endStruct();
        }
    }
}
