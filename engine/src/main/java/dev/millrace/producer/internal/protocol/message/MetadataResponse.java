package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link MetadataRequest}, v7-13.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (KIP-219)
 * @param brokers the live brokers; empty while a broker starts, which is no answer to work with
 * @param clusterId name of the cluster
 * @param controllerId node of the controller, -1 if there is none
 * @param topics the topics that were asked for, with an error each
 * @param error REBOOTSTRAP_REQUIRED or NONE (v13+, KIP-1102)
 */
public record MetadataResponse(
        int throttleTimeMillis,
        List<Broker> brokers,
        @Nullable String clusterId,
        int controllerId,
        List<Topic> topics,
        ErrorCode error)
        implements ThrottledResponse {

    /** Authorized operations that nobody asked for. */
    private static final int OPERATIONS_OMITTED = Integer.MIN_VALUE;

    private static final int MIN_BROKER_BYTES = 11;
    private static final int MIN_TOPIC_BYTES = 9;
    private static final int MIN_PARTITION_BYTES = 18;

    /** Reads the body. */
    public static MetadataResponse read(WireReader in, short version) {
        int throttleTimeMillis = in.readInt32();
        List<Broker> brokers = in.readArray(MIN_BROKER_BYTES, () -> Broker.read(in));
        String clusterId = in.readNullableString();
        int controllerId = in.readInt32();
        List<Topic> topics = in.readArray(MIN_TOPIC_BYTES, () -> Topic.read(in, version));
        if (version >= 8 && version <= 10) {
            in.readInt32(); // cluster_authorized_operations
        }
        ErrorCode error = version >= 13 ? ErrorCode.of(in.readInt16()) : ErrorCode.NONE;
        in.endStruct();
        return new MetadataResponse(throttleTimeMillis, brokers, clusterId, controllerId, topics, error);
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, short version) {
        out.writeInt32(throttleTimeMillis);
        out.writeArray(brokers, broker -> broker.write(out));
        out.writeNullableString(clusterId);
        out.writeInt32(controllerId);
        out.writeArray(topics, topic -> topic.write(out, version));
        if (version >= 8 && version <= 10) {
            out.writeInt32(OPERATIONS_OMITTED); // cluster_authorized_operations
        }
        if (version >= 13) {
            out.writeInt16(error.code());
        }
        out.endStruct();
    }

    /**
     * A live broker.
     *
     * @param nodeId its number
     * @param host its name or address on the listener that was asked
     * @param port its port on that listener
     * @param rack where it stands
     */
    public record Broker(int nodeId, String host, int port, @Nullable String rack) {

        static Broker read(WireReader in) {
            Broker broker = new Broker(in.readInt32(), in.readString(), in.readInt32(), in.readNullableString());
            in.endStruct();
            return broker;
        }

        void write(WireWriter out) {
            out.writeInt32(nodeId);
            out.writeString(host);
            out.writeInt32(port);
            out.writeNullableString(rack);
            out.endStruct();
        }
    }

    /**
     * A topic.
     *
     * @param error why the rest says nothing, or NONE
     * @param name its name; null only in answers to a look-up by id (v12+)
     * @param topicId its id, zero if not known (v10+)
     * @param internal whether it is Kafka's own
     * @param partitions its partitions, in no particular order
     */
    public record Topic(
            ErrorCode error, @Nullable String name, UUID topicId, boolean internal, List<Partition> partitions) {

        static Topic read(WireReader in, short version) {
            ErrorCode error = ErrorCode.of(in.readInt16());
            String name = version >= 12 ? in.readNullableString() : in.readString();
            UUID topicId = version >= 10 ? in.readUuid() : TopicIds.UNKNOWN;
            boolean internal = in.readBoolean();
            List<Partition> partitions = in.readArray(MIN_PARTITION_BYTES, () -> Partition.read(in, version));
            if (version >= 8) {
                in.readInt32(); // topic_authorized_operations
            }
            in.endStruct();
            return new Topic(error, name, topicId, internal, partitions);
        }

        void write(WireWriter out, short version) {
            out.writeInt16(error.code());
            if (version < 12 && name == null) {
                throw new IllegalArgumentException("topic without a name: Metadata version=" + version + " needs one");
            }
            out.writeNullableString(name);
            if (version >= 10) {
                out.writeUuid(topicId);
            }
            out.writeBoolean(internal);
            out.writeArray(partitions, partition -> partition.write(out));
            if (version >= 8) {
                out.writeInt32(OPERATIONS_OMITTED); // topic_authorized_operations
            }
            out.endStruct();
        }
    }

    /**
     * A partition. The arrays are not copied.
     *
     * @param error LEADER_NOT_AVAILABLE and the like, or NONE
     * @param index its number in the topic
     * @param leaderId node of the leader, -1 if there is none
     * @param leaderEpoch age of the leadership, -1 if not known; always -1 below v9, where brokers gave epochs that
     *     could be out of date
     * @param replicas nodes that hold it
     * @param inSyncReplicas those that are up to date
     * @param offlineReplicas those that are not there
     */
    @SuppressWarnings("ArrayRecordComponent") // boxed lists would dominate the metadata of large clusters
    public record Partition(
            ErrorCode error,
            int index,
            int leaderId,
            int leaderEpoch,
            int[] replicas,
            int[] inSyncReplicas,
            int[] offlineReplicas) {

        static Partition read(WireReader in, short version) {
            ErrorCode error = ErrorCode.of(in.readInt16());
            int index = in.readInt32();
            int leaderId = in.readInt32();
            int leaderEpoch = in.readInt32();
            int[] replicas = in.readInt32Array();
            int[] inSyncReplicas = in.readInt32Array();
            int[] offlineReplicas = in.readInt32Array();
            in.endStruct();
            return new Partition(
                    error, index, leaderId, version >= 9 ? leaderEpoch : -1, replicas, inSyncReplicas, offlineReplicas);
        }

        void write(WireWriter out) {
            out.writeInt16(error.code());
            out.writeInt32(index);
            out.writeInt32(leaderId);
            out.writeInt32(leaderEpoch);
            out.writeInt32Array(replicas);
            out.writeInt32Array(inSyncReplicas);
            out.writeInt32Array(offlineReplicas);
            out.endStruct();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Partition that
                    && error == that.error
                    && index == that.index
                    && leaderId == that.leaderId
                    && leaderEpoch == that.leaderEpoch
                    && Arrays.equals(replicas, that.replicas)
                    && Arrays.equals(inSyncReplicas, that.inSyncReplicas)
                    && Arrays.equals(offlineReplicas, that.offlineReplicas);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * index + leaderId) + leaderEpoch;
        }

        @Override
        public String toString() {
            return "Partition[index=" + index + ", error=" + error + ", leaderId=" + leaderId + ", leaderEpoch="
                    + leaderEpoch + ", replicas=" + Arrays.toString(replicas) + ", inSyncReplicas="
                    + Arrays.toString(inSyncReplicas) + ", offlineReplicas=" + Arrays.toString(offlineReplicas) + "]";
        }
    }
}
