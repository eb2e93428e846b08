package dev.millrace.producer.internal.sender;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionSnapshot;
import java.util.List;

/**
 * What the sender has to do at one moment. Immutable.
 *
 * @param partitions those with something queued or under way, by topic and number
 * @param nodes those with a connection, by id
 * @param unidentified how many partitions wait for a producer id
 */
public record SenderView(List<PartitionSnapshot> partitions, List<NodeSnapshot> nodes, int unidentified) {}
