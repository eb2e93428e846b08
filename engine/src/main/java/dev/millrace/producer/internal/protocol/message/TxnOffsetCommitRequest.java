package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TxnOffsetCommit v0-5. Goes to the coordinator of the group. Version 5 also adds the group to the transaction and is
 * for clusters with {@code transaction.version} 2 only (KIP-890).
 *
 * @param transactionalId the transactional id
 * @param groupId the consumer group
 * @param producerId the producer id of the transactional id
 * @param producerEpoch its epoch
 * @param member who consumed, so that a consumer that is no longer in the group is refused (v3+, KIP-447)
 * @param topics the offsets, each topic once
 */
public record TxnOffsetCommitRequest(
        String transactionalId,
        String groupId,
        long producerId,
        short producerEpoch,
        Member member,
        List<TopicOffsets> topics)
        implements ApiRequest<TxnOffsetCommitResponse> {

    private static final int FIRST_VERSION_WITH_LEADER_EPOCH = 2;
    private static final int FIRST_VERSION_WITH_MEMBER = 3;
    private static final int UNKNOWN_LEADER_EPOCH = -1;
    private static final int MIN_TOPIC_BYTES = 3;
    private static final int MIN_PARTITION_BYTES = 14;

    @Override
    public ApiKey apiKey() {
        return ApiKey.TXN_OFFSET_COMMIT;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if there is a member and the version has no room for it: without it the broker
     *     would take the offsets of a consumer that lost its partitions
     */
    @Override
    public void write(WireWriter out, short version) {
        out.writeString(transactionalId);
        out.writeString(groupId);
        out.writeInt64(producerId);
        out.writeInt16(producerEpoch);
        if (version >= FIRST_VERSION_WITH_MEMBER) {
            member.write(out);
        } else if (!member.equals(Member.NONE)) {
            throw new IllegalArgumentException("member of the group not to be said in this version: TxnOffsetCommit"
                    + " version=" + version + " group=" + groupId + "; use brokers from 2.5 on");
        }
        out.writeArray(topics, topic -> topic.write(out, version));
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static TxnOffsetCommitRequest read(WireReader in, short version) {
        String transactionalId = in.readString();
        String groupId = in.readString();
        long producerId = in.readInt64();
        short producerEpoch = in.readInt16();
        Member member = version >= FIRST_VERSION_WITH_MEMBER ? Member.read(in) : Member.NONE;
        List<TopicOffsets> topics = in.readArray(MIN_TOPIC_BYTES, () -> TopicOffsets.read(in, version));
        in.endStruct();
        return new TxnOffsetCommitRequest(transactionalId, groupId, producerId, producerEpoch, member, topics);
    }

    @Override
    public TxnOffsetCommitResponse readResponse(WireReader in, short version) {
        return TxnOffsetCommitResponse.read(in, version);
    }

    /**
     * A consumer's place in its group. Not a struct of its own on the wire.
     *
     * @param generationId generation of the group, -1 if not known
     * @param memberId the name the coordinator gave the consumer, empty if not known
     * @param groupInstanceId the name the consumer gave itself, null without static membership
     */
    public record Member(int generationId, String memberId, @Nullable String groupInstanceId) {

        /** Nobody known: the coordinator only looks at the producer. */
        public static final Member NONE = new Member(-1, "", null);

        static Member read(WireReader in) {
            return new Member(in.readInt32(), in.readString(), in.readNullableString());
        }

        void write(WireWriter out) {
            out.writeInt32(generationId);
            out.writeString(memberId);
            out.writeNullableString(groupInstanceId);
        }
    }

    /**
     * The offsets of one topic.
     *
     * @param name the topic
     * @param partitions the offsets, each partition once
     */
    public record TopicOffsets(String name, List<PartitionOffset> partitions) {

        static TopicOffsets read(WireReader in, short version) {
            String name = in.readString();
            List<PartitionOffset> partitions =
                    in.readArray(MIN_PARTITION_BYTES, () -> PartitionOffset.read(in, version));
            in.endStruct();
            return new TopicOffsets(name, partitions);
        }

        void write(WireWriter out, short version) {
            out.writeString(name);
            out.writeArray(partitions, partition -> partition.write(out, version));
            out.endStruct();
        }
    }

    /**
     * How far a partition was consumed.
     *
     * @param index number of the partition
     * @param offset the next record to consume
     * @param leaderEpoch age of the leadership the last record was read under, -1 if not known (v2+)
     * @param metadata the application's words
     */
    public record PartitionOffset(int index, long offset, int leaderEpoch, @Nullable String metadata) {

        static PartitionOffset read(WireReader in, short version) {
            int index = in.readInt32();
            long offset = in.readInt64();
            int leaderEpoch = version >= FIRST_VERSION_WITH_LEADER_EPOCH ? in.readInt32() : UNKNOWN_LEADER_EPOCH;
            String metadata = in.readNullableString();
            in.endStruct();
            return new PartitionOffset(index, offset, leaderEpoch, metadata);
        }

        void write(WireWriter out, short version) {
            out.writeInt32(index);
            out.writeInt64(offset);
            if (version >= FIRST_VERSION_WITH_LEADER_EPOCH) {
                out.writeInt32(leaderEpoch);
            }
            out.writeNullableString(metadata);
            out.endStruct();
        }
    }
}
