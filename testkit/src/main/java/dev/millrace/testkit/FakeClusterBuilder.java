package dev.millrace.testkit;

import dev.millrace.testkit.IdentityService.Traits;
import dev.millrace.testkit.IdentityService.UnsupportedVersionAnswer;
import dev.millrace.testkit.PartitionLog.UnknownProducers;
import dev.millrace.testkit.Topology.TopicDefaults;
import java.util.LinkedHashMap;
import java.util.Map;

/** Describes a {@link FakeCluster} before it starts. */
public final class FakeClusterBuilder {

    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024 + 12;
    private static final short NEWEST_TRANSACTION_VERSION = 2;

    private final Map<String, Integer> topics = new LinkedHashMap<>();
    private final OfferedVersions versions = new OfferedVersions();
    private int nodes = 1;
    private boolean autoCreateTopics = true;
    private int partitionsPerTopic = 1;
    private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private UnknownProducers unknownProducers = UnknownProducers.ACCEPT;
    private short transactionVersion = NEWEST_TRANSACTION_VERSION;
    private UnsupportedVersionAnswer unsupportedVersionAnswer = UnsupportedVersionAnswer.NAMES_API_VERSIONS;

    FakeClusterBuilder() {}

    /** How many nodes there are, numbered from 0; 1 by default. */
    public FakeClusterBuilder nodes(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("nodes must be at least 1: nodes=" + count);
        }
        nodes = count;
        return this;
    }

    /** A topic that is there from the start. Partition p is led by node p modulo the number of nodes. */
    public FakeClusterBuilder topic(String name, int partitions) {
        topics.put(name, partitions);
        return this;
    }

    /** Whether a client that asks for a topic creates it; true by default, as on a broker. */
    public FakeClusterBuilder autoCreateTopics(boolean autoCreate) {
        autoCreateTopics = autoCreate;
        return this;
    }

    /** How many partitions a topic has that a client created; 1 by default, as on a broker. */
    public FakeClusterBuilder partitionsPerTopic(int partitions) {
        partitionsPerTopic = partitions;
        return this;
    }

    /** The largest batch the topics take, 1 MiB and 12 B by default, as on a broker. */
    public FakeClusterBuilder maxMessageBytes(int bytes) {
        maxMessageBytes = bytes;
        return this;
    }

    /** The highest version of an API that the nodes offer, to play older brokers. */
    public FakeClusterBuilder maxVersion(Api api, int version) {
        versions.limit(api, version);
        return this;
    }

    /**
     * Answers ApiVersions of an unknown version with an empty list, as brokers up to 2.3 do, and not with the versions of
     * ApiVersions itself. Goes with {@code maxVersion(Api.API_VERSIONS, 2)}.
     */
    public FakeClusterBuilder emptyListForUnsupportedVersion() {
        unsupportedVersionAnswer = UnsupportedVersionAnswer.EMPTY;
        return this;
    }

    /**
     * Answers the first batch of a producer id on a partition with UNKNOWN_PRODUCER_ID unless it starts at sequence 0, as
     * brokers up to 2.4 do; newer ones take any sequence.
     */
    public FakeClusterBuilder refuseUnknownProducers() {
        unknownProducers = UnknownProducers.REFUSE;
        return this;
    }

    /**
     * Which protocol transactions use: 2 by default, in which a batch makes its partition part of the transaction and each
     * transaction has an epoch of its own (KIP-890); 0 or 1 for the one before.
     */
    public FakeClusterBuilder transactionVersion(int level) {
        if (level < 0 || level > NEWEST_TRANSACTION_VERSION) {
            throw new IllegalArgumentException(
                    "transaction version must be 0 to " + NEWEST_TRANSACTION_VERSION + ": " + level);
        }
        transactionVersion = (short) level;
        return this;
    }

    /** Opens the listeners and starts serving. */
    public FakeCluster start() {
        Topology topology = new Topology(
                new TopicDefaults(autoCreateTopics, partitionsPerTopic, maxMessageBytes, unknownProducers));
        Traits traits = new Traits(unsupportedVersionAnswer, transactionVersion);
        return FakeCluster.start(nodes, topics, topology, versions, traits);
    }
}
