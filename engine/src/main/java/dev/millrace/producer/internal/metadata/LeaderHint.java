package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.Map;
import java.util.UUID;

/**
 * Who leads a partition, as a broker said when it refused a write (KIP-951).
 *
 * @param topic the topic
 * @param topicId its id when the write was sent, {@link dev.millrace.producer.internal.protocol.TopicIds#UNKNOWN} if that
 *     was not known
 * @param partition the partition
 * @param leader node that takes writes now
 * @param leaderEpoch age of its leadership
 * @param endpoints addresses of nodes that came with the hint, by node id
 */
public record LeaderHint(
        String topic,
        UUID topicId,
        int partition,
        int leader,
        int leaderEpoch,
        Map<Integer, BrokerAddress> endpoints) {}
