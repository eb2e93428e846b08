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
    END_TXN(ApiKey.END_TXN);

    private final ApiKey key;

    Api(ApiKey key) {
        this.key = key;
    }

    /** The key on the wire. */
    public int id() {
        return key.id();
    }

    /** The lowest version the fake cluster can speak. */
    public int minVersion() {
        return key.versions().min();
    }

    /** The highest version the fake cluster can speak. */
    public int maxVersion() {
        return key.versions().max();
    }

    boolean isOfTransactions() {
        return switch (this) {
            case PRODUCE, METADATA, API_VERSIONS, INIT_PRODUCER_ID -> false;
            default -> true;
        };
    }

    ApiKey key() {
        return key;
    }

    static @Nullable Api of(short id) {
        for (Api api : values()) {
            if (api.key.id() == id) {
                return api;
            }
        }
        return null;
    }
}
