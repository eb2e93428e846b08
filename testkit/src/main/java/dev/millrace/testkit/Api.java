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
    INIT_PRODUCER_ID(ApiKey.INIT_PRODUCER_ID);

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
