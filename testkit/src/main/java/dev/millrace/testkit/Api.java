package dev.millrace.testkit;

import dev.millrace.producer.internal.protocol.ApiKey;
import org.jspecify.annotations.Nullable;

/** The APIs a {@link FakeCluster} answers. */
public enum Api {
    /** Appends record batches to partitions. */
    PRODUCE(ApiKey.PRODUCE),
    /** Describes brokers, topics and partitions. */
    METADATA(ApiKey.METADATA),
    /** Tells which APIs and versions a broker speaks. */
    API_VERSIONS(ApiKey.API_VERSIONS),
    /** Gives a producer its identity. */
    INIT_PRODUCER_ID(ApiKey.INIT_PRODUCER_ID),
    /** Finds the node that takes care of a group or a transactional id. */
    FIND_COORDINATOR(ApiKey.FIND_COORDINATOR),
    /** Says which partitions a transaction is going to write to. */
    ADD_PARTITIONS_TO_TXN(ApiKey.ADD_PARTITIONS_TO_TXN),
    /** Says for which group a transaction is going to commit offsets. */
    ADD_OFFSETS_TO_TXN(ApiKey.ADD_OFFSETS_TO_TXN),
    /** Commits offsets of a consumer group in a transaction. */
    TXN_OFFSET_COMMIT(ApiKey.TXN_OFFSET_COMMIT),
    /** Commits or aborts a transaction. */
    END_TXN(ApiKey.END_TXN),
    /** Gives records to consumers. */
    FETCH(1, 4, 4),
    /** Finds offsets by time, and where partitions begin and end. */
    LIST_OFFSETS(2, 1, 2),
    /** Keeps a consumer group's progress. */
    OFFSET_COMMIT(8, 2, 2),
    /** Tells a consumer group's progress. */
    OFFSET_FETCH(9, 1, 2),
    /** Makes a consumer a member of its group. */
    JOIN_GROUP(11, 2, 2),
    /** Tells a consumer that it is there still. */
    HEARTBEAT(12, 1, 1),
    /** Takes a consumer out of its group. */
    LEAVE_GROUP(13, 1, 1),
    /** Tells a member of a group what it is to read. */
    SYNC_GROUP(14, 1, 1),
    /** Creates topics. */
    CREATE_TOPICS(19, 2, 4),
    /** Deletes topics. */
    DELETE_TOPICS(20, 1, 3);

    private final int id;
    private final int minVersion;
    private final int maxVersion;
    private final @Nullable ApiKey key; // null of those a producer never calls, none of whose versions here is flexible

    Api(ApiKey key) {
        this.id = key.id();
        this.minVersion = key.versions().min();
        this.maxVersion = key.versions().max();
        this.key = key;
    }

    Api(int id, int minVersion, int maxVersion) {
        this.id = id;
        this.minVersion = minVersion;
        this.maxVersion = maxVersion;
        this.key = null;
    }

    /** The key on the wire. */
    public int id() {
        return id;
    }

    /** The lowest version the fake cluster can speak. */
    public int minVersion() {
        return minVersion;
    }

    /** The highest version the fake cluster can speak. */
    public int maxVersion() {
        return maxVersion;
    }

    boolean isOfTransactions() {
        return switch (this) {
            case FIND_COORDINATOR, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, TXN_OFFSET_COMMIT, END_TXN -> true;
            default -> false;
        };
    }

    /** What the engine knows it by; null if it does not. */
    @Nullable ApiKey key() {
        return key;
    }

    static @Nullable Api of(short id) {
        for (Api api : values()) {
            if (api.id == id) {
                return api;
            }
        }
        return null;
    }
}
