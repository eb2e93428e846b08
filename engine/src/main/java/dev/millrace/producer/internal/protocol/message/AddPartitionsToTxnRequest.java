package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;

/**
 * AddPartitionsToTxn v0-3. Goes to the transaction coordinator before the first batch of each partition in a
 * transaction, unless the cluster has {@code transaction.version} 2 (KIP-890). Versions 4 and 5 are for brokers among
 * themselves.
 *
 * @param transactionalId the transactional id
 * @param producerId its producer id
 * @param producerEpoch its epoch
 * @param topics the partitions, each topic once
 */
public record AddPartitionsToTxnRequest(
        String transactionalId, long producerId, short producerEpoch, List<TopicPartitions> topics)
        implements ApiRequest<AddPartitionsToTxnResponse> {

    private static final int MIN_TOPIC_BYTES = 3;

    @Override
    public ApiKey apiKey() {
        return ApiKey.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeString(transactionalId);
        out.writeInt64(producerId);
        out.writeInt16(producerEpoch);
        out.writeArray(topics, topic -> topic.write(out));
        out.endStruct();
    }

    /** Reads what {@link #write} wrote; every version has the same fields. */
    public static AddPartitionsToTxnRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest(
                in.readString(),
                in.readInt64(),
                in.readInt16(),
                in.readArray(MIN_TOPIC_BYTES, () -> TopicPartitions.read(in)));
        in.endStruct();
        return request;
    }

    @Override
    public AddPartitionsToTxnResponse readResponse(WireReader in, short version) {
        return AddPartitionsToTxnResponse.read(in, version);
    }

    /**
     * Partitions of one topic.
     *
     * @param name the topic
     * @param partitions numbers of the partitions
     */
    public record TopicPartitions(String name, List<Integer> partitions) {

        static TopicPartitions read(WireReader in) {
            TopicPartitions topic = new TopicPartitions(in.readString(), in.readArray(Integer.BYTES, in::readInt32));
            in.endStruct();
            return topic;
        }

        void write(WireWriter out) {
            out.writeString(name);
            out.writeArray(partitions, out::writeInt32);
            out.endStruct();
        }
    }
}
