package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.WireWriter.TaggedField;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link ProduceRequest}, v7-13.
 *
 * @param topics the results, not always in the order of the request
 * @param throttleTimeMillis how long to send nothing on this connection (KIP-219)
 * @param nodeEndpoints where the leaders named in hints are (v10+, KIP-951)
 */
public record ProduceResponse(List<TopicResult> topics, int throttleTimeMillis, List<NodeEndpoint> nodeEndpoints)
        implements ThrottledResponse {

    private static final int CURRENT_LEADER_TAG = 0;
    private static final int NODE_ENDPOINTS_TAG = 0;
    private static final int FIRST_VERSION_WITH_HINTS = 10;
    private static final int MIN_TOPIC_BYTES = 3;
    private static final int MIN_PARTITION_BYTES = 30;
    private static final int MIN_RECORD_ERROR_BYTES = 6;
    private static final int MIN_NODE_ENDPOINT_BYTES = 11;

    /** Reads the body. */
    public static ProduceResponse read(WireReader in, short version) {
        List<TopicResult> topics = in.readArray(MIN_TOPIC_BYTES, () -> TopicResult.read(in, version));
        int throttleTimeMillis = in.readInt32();
        NodeEndpoints endpoints = new NodeEndpoints(version);
        in.endStruct(endpoints);
        return new ProduceResponse(topics, throttleTimeMillis, endpoints.value);
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, short version) {
        out.writeArray(topics, topic -> topic.write(out, version));
        out.writeInt32(throttleTimeMillis);
        if (version >= FIRST_VERSION_WITH_HINTS && !nodeEndpoints.isEmpty()) {
            out.endStruct(List.of(new TaggedField(
                    NODE_ENDPOINTS_TAG, tag -> tag.writeArray(nodeEndpoints, endpoint -> endpoint.write(tag)))));
        } else {
            out.endStruct();
        }
    }

    /**
     * The results of one topic.
     *
     * @param name the topic up to v12; empty from v13 on
     * @param topicId the topic from v13 on, zero before
     * @param partitions a result per partition
     */
    public record TopicResult(String name, UUID topicId, List<PartitionResult> partitions) {

        static TopicResult read(WireReader in, short version) {
            String name = version <= 12 ? in.readString() : "";
            UUID topicId = version >= 13 ? in.readUuid() : TopicIds.UNKNOWN;
            List<PartitionResult> partitions =
                    in.readArray(MIN_PARTITION_BYTES, () -> PartitionResult.read(in, version));
            in.endStruct();
            return new TopicResult(name, topicId, partitions);
        }

        void write(WireWriter out, short version) {
            if (version <= 12) {
                out.writeString(name);
            } else {
                out.writeUuid(topicId);
            }
            out.writeArray(partitions, partition -> partition.write(out, version));
            out.endStruct();
        }
    }

    /**
     * What became of one batch.
     *
     * @param index number of the partition
     * @param error why it was not appended, or NONE
     * @param baseOffset offset of the batch's first record, -1 with an error
     * @param logAppendTimeMillis the broker's timestamp of the records, -1 if they keep their own
     * @param logStartOffset first offset of the partition, -1 if not known
     * @param recordErrors the records that were the reason (v8+, KIP-467)
     * @param errorMessage the broker's words (v8+)
     * @param currentLeader who leads instead (v10+, KIP-951)
     */
    public record PartitionResult(
            int index,
            ErrorCode error,
            long baseOffset,
            long logAppendTimeMillis,
            long logStartOffset,
            List<RecordError> recordErrors,
            @Nullable String errorMessage,
            LeaderHint currentLeader) {

        static PartitionResult read(WireReader in, short version) {
            int index = in.readInt32();
            ErrorCode error = ErrorCode.of(in.readInt16());
            long baseOffset = in.readInt64();
            long logAppendTimeMillis = in.readInt64();
            long logStartOffset = in.readInt64();
            List<RecordError> recordErrors =
                    version >= 8 ? in.readArray(MIN_RECORD_ERROR_BYTES, () -> RecordError.read(in)) : List.of();
            String errorMessage = version >= 8 ? in.readNullableMessage() : null;
            CurrentLeader currentLeader = new CurrentLeader(version);
            in.endStruct(currentLeader);
            return new PartitionResult(
                    index,
                    error,
                    baseOffset,
                    logAppendTimeMillis,
                    logStartOffset,
                    recordErrors,
                    errorMessage,
                    currentLeader.value);
        }

        void write(WireWriter out, short version) {
            out.writeInt32(index);
            out.writeInt16(error.code());
            out.writeInt64(baseOffset);
            out.writeInt64(logAppendTimeMillis);
            out.writeInt64(logStartOffset);
            if (version >= 8) {
                out.writeArray(recordErrors, recordError -> recordError.write(out));
                out.writeNullableString(errorMessage);
            }
            if (version >= FIRST_VERSION_WITH_HINTS && !currentLeader.equals(LeaderHint.NONE)) {
                out.endStruct(List.of(new TaggedField(CURRENT_LEADER_TAG, currentLeader::write)));
            } else {
                out.endStruct();
            }
        }
    }

    /**
     * A record the broker refused.
     *
     * @param batchIndex place of the record in the batch, from 0
     * @param message the broker's words
     */
    public record RecordError(int batchIndex, @Nullable String message) {

        static RecordError read(WireReader in) {
            RecordError recordError = new RecordError(in.readInt32(), in.readNullableMessage());
            in.endStruct();
            return recordError;
        }

        void write(WireWriter out) {
            out.writeInt32(batchIndex);
            out.writeNullableString(message);
            out.endStruct();
        }
    }

    /**
     * The leader a broker knows of, which comes with NOT_LEADER_OR_FOLLOWER and saves a metadata request.
     *
     * @param leaderId its node
     * @param leaderEpoch age of its leadership
     */
    public record LeaderHint(int leaderId, int leaderEpoch) {

        /** No hint. */
        public static final LeaderHint NONE = new LeaderHint(-1, -1);

        static LeaderHint read(WireReader in) {
            LeaderHint hint = new LeaderHint(in.readInt32(), in.readInt32());
            in.endStruct();
            return hint;
        }

        void write(WireWriter out) {
            out.writeInt32(leaderId);
            out.writeInt32(leaderEpoch);
            out.endStruct();
        }
    }

    /**
     * Where a node is.
     *
     * @param nodeId its number
     * @param host its name or address on the listener of this connection
     * @param port its port on that listener
     * @param rack where it stands
     */
    public record NodeEndpoint(int nodeId, String host, int port, @Nullable String rack) {

        static NodeEndpoint read(WireReader in) {
            NodeEndpoint endpoint =
                    new NodeEndpoint(in.readInt32(), in.readString(), in.readInt32(), in.readNullableString());
            in.endStruct();
            return endpoint;
        }

        void write(WireWriter out) {
            out.writeInt32(nodeId);
            out.writeString(host);
            out.writeInt32(port);
            out.writeNullableString(rack);
            out.endStruct();
        }
    }

    private static final class CurrentLeader implements WireReader.TaggedFields {

        private final short version;
        private LeaderHint value = LeaderHint.NONE;

        CurrentLeader(short version) {
            this.version = version;
        }

        @Override
        public void read(int tag, WireReader field) {
            if (version >= FIRST_VERSION_WITH_HINTS && tag == CURRENT_LEADER_TAG) {
                value = LeaderHint.read(field);
            }
        }
    }

    private static final class NodeEndpoints implements WireReader.TaggedFields {

        private final short version;
        private List<NodeEndpoint> value = List.of();

        NodeEndpoints(short version) {
            this.version = version;
        }

        @Override
        public void read(int tag, WireReader field) {
            if (version >= FIRST_VERSION_WITH_HINTS && tag == NODE_ENDPOINTS_TAG) {
                value = field.readArray(MIN_NODE_ENDPOINT_BYTES, () -> NodeEndpoint.read(field));
            }
        }
    }
}
