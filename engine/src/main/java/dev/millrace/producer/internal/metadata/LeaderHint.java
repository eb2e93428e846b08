package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.Map;

/**
 * Who leads a partition, as a broker said when it refused a write (KIP-951).
 *
 * @param topic the topic
 * @param partition the partition
 * @param leader node that takes writes now
 * @param leaderEpoch age of its leadership
 * @param endpoints addresses of nodes that came with the hint, by node id
 */
public record LeaderHint(
        String topic, int partition, int leader, int leaderEpoch, Map<Integer, BrokerAddress> endpoints) {}
