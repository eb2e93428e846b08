package dev.millrace.producer.internal.protocol;

import org.jspecify.annotations.Nullable;

/** The APIs this engine calls, with the versions it speaks (docs/protocol.md). */
public enum ApiKey {
    /** Appends record batches to partitions. */
    PRODUCE(0, 7, 13, 9),
    /** Describes brokers, topics and partitions. */
    METADATA(3, 7, 13, 9),
    /** Finds the broker that takes care of a group or a transactional id. */
    FIND_COORDINATOR(10, 0, 6, 3),
    /** Names the SASL mechanism of a connection. */
    SASL_HANDSHAKE(17, 0, 1, ApiKey.NEVER),
    /** Tells which APIs and versions a broker speaks. */
    API_VERSIONS(18, 0, 4, 3),
    /** Gives a producer its identity. */
    INIT_PRODUCER_ID(22, 1, 5, 2),
    /** Says which partitions a transaction is going to write to. */
    ADD_PARTITIONS_TO_TXN(24, 0, 3, 3),
    /** Says for which group a transaction is going to commit offsets. */
    ADD_OFFSETS_TO_TXN(25, 0, 4, 3),
    /** Commits or aborts a transaction. */
    END_TXN(26, 0, 5, 3),
    /** Commits offsets of a consumer group in a transaction. */
    TXN_OFFSET_COMMIT(28, 0, 5, 3),
    /** Carries the tokens of a SASL mechanism. */
    SASL_AUTHENTICATE(36, 0, 2, 2),
    /** Asks which metrics the cluster wants (KIP-714). */
    GET_TELEMETRY_SUBSCRIPTIONS(71, 0, 0, 0),
    /** Brings metrics to the cluster (KIP-714). */
    PUSH_TELEMETRY(72, 0, 0, 0);

    private static final int NEVER = Short.MAX_VALUE;

    private final short id;
    private final VersionRange versions;
    private final short firstFlexible;

    ApiKey(int id, int minVersion, int maxVersion, int firstFlexible) {
        this.id = (short) id;
        this.versions = new VersionRange((short) minVersion, (short) maxVersion);
        this.firstFlexible = (short) firstFlexible;
    }

    /** The key on the wire. */
    public short id() {
        return id;
    }

    /** The versions this engine speaks. */
    public VersionRange versions() {
        return versions;
    }

    /** Whether the version has compact lengths and tagged fields (KIP-482). */
    public boolean isFlexible(short version) {
        return version >= firstFlexible;
    }

    /**
     * Whether the response header of this version has a tagged section. Never for ApiVersions, so that a client can read
     * the answer of a broker that does not know the version it asked with (KIP-511).
     */
    public boolean hasFlexibleResponseHeader(short version) {
        return this != API_VERSIONS && isFlexible(version);
    }

    /** The API with this key, or null if the engine never calls it. */
    public static @Nullable ApiKey of(short id) {
        for (ApiKey key : values()) {
            if (key.id == id) {
                return key;
            }
        }
        return null;
    }
}
