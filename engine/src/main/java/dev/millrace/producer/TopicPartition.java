package dev.millrace.producer;

import java.util.Objects;

/**
 * One partition of a topic.
 *
 * @param topic the topic's name
 * @param partition the partition's index, from 0
 */
public record TopicPartition(String topic, int partition) {

    /** Refuses a null topic and a negative partition. */
    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
        if (partition < 0) {
            throw new IllegalArgumentException("partition must not be negative: " + partition);
        }
    }

    /** The form used in logs and messages: {@code orders-3}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
