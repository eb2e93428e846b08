package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.protocol.WireReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests of consumers and of those who look after topics, read in versions without compact lengths, which every client of
 * the last years speaks. Layouts as in Kafka's message definitions of 4.3.
 */
final class ConsumerRequests {

    private static final int FIRST_LIST_OFFSETS_WITH_ISOLATION = 2;
    private static final byte READ_COMMITTED = 1;

    private ConsumerRequests() {}

    /** One of them; which one its class says. */
    sealed interface ConsumerRequest {}

    /**
     * Fetch version 4.
     *
     * @param maxWaitMillis how long the answer may wait for records
     * @param maxBytes the most the answer should have
     * @param isCommittedOnly whether to stop at the first open transaction
     * @param partitions what is wanted
     */
    record Fetch(int maxWaitMillis, int maxBytes, boolean isCommittedOnly, List<FetchPartition> partitions)
            implements ConsumerRequest {}

    /**
     * What is fetched of one partition.
     *
     * @param partition which
     * @param offset from where on
     * @param maxBytes the most to give
     */
    record FetchPartition(TopicPartition partition, long offset, int maxBytes) {}

    /**
     * ListOffsets versions 1 and 2.
     *
     * @param isCommittedOnly whether the end is that of committed records
     * @param timestamps milliseconds, or -1 for the end, -2 for the beginning
     */
    record ListOffsets(boolean isCommittedOnly, Map<TopicPartition, Long> timestamps) implements ConsumerRequest {}

    /**
     * JoinGroup version 2.
     *
     * @param groupId which group
     * @param sessionTimeoutMillis when a silent member is gone
     * @param memberId empty for a new member
     * @param protocol the one the member prefers
     * @param metadata what the member says of itself
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and passed on
    record JoinGroup(String groupId, int sessionTimeoutMillis, String memberId, String protocol, byte[] metadata)
            implements ConsumerRequest {}

    /**
     * SyncGroup version 1, Heartbeat version 1, LeaveGroup version 1.
     *
     * @param api which of the three
     * @param groupId which group
     * @param generation -1 of LeaveGroup, which has none
     * @param memberId whose
     * @param assignment for this member, of SyncGroup; null if it brings none
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and passed on
    record Membership(Api api, String groupId, int generation, String memberId, byte @Nullable [] assignment)
            implements ConsumerRequest {}

    /**
     * OffsetCommit version 2.
     *
     * @param groupId which group
     * @param generation -1 of who is no member
     * @param memberId empty of who is no member
     * @param offsets of each partition the next record to consume
     */
    record OffsetCommit(String groupId, int generation, String memberId, Map<TopicPartition, Long> offsets)
            implements ConsumerRequest {}

    /**
     * OffsetFetch versions 1 and 2.
     *
     * @param groupId which group
     * @param partitions null for all that have an offset
     */
    record OffsetFetch(String groupId, @Nullable List<TopicPartition> partitions) implements ConsumerRequest {}

    /**
     * CreateTopics versions 2 to 4.
     *
     * @param partitions of each topic; -1 for the default
     * @param isTrial whether nothing is to be created
     */
    record CreateTopics(Map<String, Integer> partitions, boolean isTrial) implements ConsumerRequest {}

    /**
     * DeleteTopics versions 1 to 3.
     *
     * @param names which topics
     */
    record DeleteTopics(List<String> names) implements ConsumerRequest {}

    static ConsumerRequest read(Api api, WireReader in, short version) {
        return switch (api) {
            case FETCH -> readFetch(in);
            case LIST_OFFSETS -> readListOffsets(in, version);
            case JOIN_GROUP -> readJoinGroup(in);
            case SYNC_GROUP -> readSyncGroup(in);
            case HEARTBEAT -> new Membership(api, in.readString(), in.readInt32(), in.readString(), null);
            case LEAVE_GROUP -> new Membership(api, in.readString(), -1, in.readString(), null);
            case OFFSET_COMMIT -> readOffsetCommit(in);
            case OFFSET_FETCH -> readOffsetFetch(in);
            case CREATE_TOPICS -> readCreateTopics(in);
            case DELETE_TOPICS -> readDeleteTopics(in);
            default -> throw new IllegalArgumentException("not an API of consumers: " + api);
        };
    }

    private static Fetch readFetch(WireReader in) {
        in.readInt32(); // replica
        int maxWaitMillis = in.readInt32();
        in.readInt32(); // least bytes: whatever is there is given
        int maxBytes = in.readInt32();
        boolean isCommittedOnly = in.readInt8() == READ_COMMITTED;
        List<FetchPartition> partitions = new ArrayList<>();
        forEachPartition(
                in, 16, partition -> partitions.add(new FetchPartition(partition, in.readInt64(), in.readInt32())));
        return new Fetch(maxWaitMillis, maxBytes, isCommittedOnly, partitions);
    }

    private static ListOffsets readListOffsets(WireReader in, short version) {
        in.readInt32(); // replica
        boolean isCommittedOnly = version >= FIRST_LIST_OFFSETS_WITH_ISOLATION && in.readInt8() == READ_COMMITTED;
        Map<TopicPartition, Long> timestamps = new LinkedHashMap<>();
        forEachPartition(in, 12, partition -> timestamps.put(partition, in.readInt64()));
        return new ListOffsets(isCommittedOnly, timestamps);
    }

    private static JoinGroup readJoinGroup(WireReader in) {
        String groupId = in.readString();
        int sessionTimeoutMillis = in.readInt32();
        in.readInt32(); // rebalance timeout: nobody is waited for
        String memberId = in.readString();
        in.readString(); // type of the protocols
        String protocol = "";
        byte[] metadata = {};
        int protocols = in.readArrayLength(6);
        for (int i = 0; i < protocols; i++) {
            String name = in.readString();
            byte[] of = in.readBytes();
            if (i == 0) {
                protocol = name;
                metadata = of;
            }
        }
        return new JoinGroup(groupId, sessionTimeoutMillis, memberId, protocol, metadata);
    }

    private static Membership readSyncGroup(WireReader in) {
        String groupId = in.readString();
        int generation = in.readInt32();
        String memberId = in.readString();
        byte[] assignment = null;
        int assignments = in.readArrayLength(6);
        for (int i = 0; i < assignments; i++) {
            String whose = in.readString();
            byte[] of = in.readBytes();
            if (whose.equals(memberId)) {
                assignment = of;
            }
        }
        return new Membership(Api.SYNC_GROUP, groupId, generation, memberId, assignment);
    }

    private static OffsetCommit readOffsetCommit(WireReader in) {
        String groupId = in.readString();
        int generation = in.readInt32();
        String memberId = in.readString();
        in.readInt64(); // retention time
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        forEachPartition(in, 14, partition -> {
            offsets.put(partition, in.readInt64());
            in.readNullableString(); // metadata
        });
        return new OffsetCommit(groupId, generation, memberId, offsets);
    }

    private static OffsetFetch readOffsetFetch(WireReader in) {
        String groupId = in.readString();
        int topics = in.readNullableArrayLength(6);
        if (topics < 0) {
            return new OffsetFetch(groupId, null);
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            String topic = in.readString();
            for (int partition : in.readInt32Array()) {
                partitions.add(new TopicPartition(topic, partition));
            }
        }
        return new OffsetFetch(groupId, partitions);
    }

    private static CreateTopics readCreateTopics(WireReader in) {
        Map<String, Integer> partitions = new LinkedHashMap<>();
        int topics = in.readArrayLength(16);
        for (int i = 0; i < topics; i++) {
            String name = in.readString();
            int count = in.readInt32();
            in.readInt16(); // replication factor
            int assignments = in.readArrayLength(8);
            for (int k = 0; k < assignments; k++) {
                in.readInt32();
                in.readInt32Array();
            }
            int configs = in.readArrayLength(4);
            for (int k = 0; k < configs; k++) {
                in.readString();
                in.readNullableString();
            }
            partitions.put(name, assignments > 0 ? Integer.valueOf(assignments) : Integer.valueOf(count));
        }
        in.readInt32(); // timeout
        return new CreateTopics(partitions, in.readBoolean());
    }

    private static DeleteTopics readDeleteTopics(WireReader in) {
        List<String> names = in.readArray(2, in::readString);
        in.readInt32(); // timeout
        return new DeleteTopics(names);
    }

    /** Topics with partitions, the form that most of these requests share; the reader stands behind the partition's index. */
    private static void forEachPartition(WireReader in, int bytesEach, Consumer<TopicPartition> content) {
        int topics = in.readArrayLength(6);
        for (int i = 0; i < topics; i++) {
            String topic = in.readString();
            int partitions = in.readArrayLength(bytesEach);
            for (int k = 0; k < partitions; k++) {
                content.accept(new TopicPartition(topic, in.readInt32()));
            }
        }
    }
}
