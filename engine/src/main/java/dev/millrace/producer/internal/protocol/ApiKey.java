package dev.millrace.producer.internal.protocol;

import org.jspecify.annotations.Nullable;

/** The APIs this engine calls, with the versions it speaks (docs/protocol.md). */
public enum ApiKey {
    /** Appends record batches to partitions. */
    PRODUCE(0, 7, 13, 9),
    /** Describes brokers, topics and partitions. */
    METADATA(3, 7, 13, 9),
    /** Tells which APIs and versions a broker speaks. */
    API_VERSIONS(18, 0, 4, 3),
    /** Gives a producer its identity. */
    INIT_PRODUCER_ID(22, 1, 5, 2);

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
