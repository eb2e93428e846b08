package dev.millrace.spring.metrics;

import io.micrometer.core.instrument.Tags;

/** Prefixes and tags of one client's meters. */
final class MeterNames {

    private final MeterGroup group;
    private final Tags clientTags;
    private final Tags ownTags;

    /**
     * For one client.
     *
     * @param commonTags what every meter has
     */
    MeterNames(MeterGroup group, Tags commonTags, String producerName, String clientId) {
        this.group = group;
        this.clientTags = commonTags.and("client.id", clientId);
        this.ownTags = clientTags.and("name", producerName);
    }

    ReferenceMeters ofClient() {
        return new ReferenceMeters(group, "kafka.producer.", clientTags);
    }

    /** The reference names nodes like this, in its tag, too. */
    ReferenceMeters ofNode(int node) {
        return new ReferenceMeters(group, "kafka.producer.node.", clientTags.and("node.id", "node-" + node));
    }

    ReferenceMeters ofTopic(String topic) {
        return new ReferenceMeters(group, "kafka.producer.topic.", clientTags.and("topic", topic));
    }

    /** The group all of them belong to. */
    MeterGroup group() {
        return group;
    }

    /** Tags of what the reference does not have. */
    Tags ownTags() {
        return ownTags;
    }
}
