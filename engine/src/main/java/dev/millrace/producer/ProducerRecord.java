package dev.millrace.producer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the user sends. Immutable, so the same record may be sent again.
 *
 * @param topic where to, never null
 * @param partition which partition, from 0; null leaves the choice to the partitioner
 * @param timestamp milliseconds since the epoch, not negative; null means the time of the send
 * @param key the key, or null
 * @param value the value; null is a tombstone on a compacted topic
 * @param headers the headers, possibly empty
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record ProducerRecord<K extends @Nullable Object, V extends @Nullable Object>(
        String topic,
        @Nullable Integer partition,
        @Nullable Long timestamp,
        @Nullable K key,
        @Nullable V value,
        Headers headers) {

    /**
     * Checks the coordinates.
     *
     * @throws NullPointerException if topic or headers is null
     * @throws IllegalArgumentException if the topic is empty, or partition or timestamp is negative
     */
    public ProducerRecord {
        Objects.requireNonNull(topic, "topic must not be null");
        Objects.requireNonNull(headers, "headers must not be null");
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("topic must not be empty");
        }
        if (partition != null && partition < 0) {
            throw new IllegalArgumentException("partition must not be negative: topic=" + topic + " partition="
                    + partition + "; leave it out to let the partitioner choose");
        }
        if (timestamp != null && timestamp < 0) {
            throw new IllegalArgumentException("timestamp must not be negative: topic=" + topic + " timestamp="
                    + timestamp + " ms; leave it out to use the time of the send");
        }
    }

    /** A record without key. */
    public ProducerRecord(String topic, @Nullable V value) {
        this(topic, null, null, null, value, Headers.empty());
    }

    /** A record whose key decides the partition. */
    public ProducerRecord(String topic, @Nullable K key, @Nullable V value) {
        this(topic, null, null, key, value, Headers.empty());
    }

    /** A record for one partition. */
    public ProducerRecord(String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value) {
        this(topic, partition, null, key, value, Headers.empty());
    }

    /** The same record with other headers. */
    public ProducerRecord<K, V> withHeaders(Headers other) {
        return new ProducerRecord<>(topic, partition, timestamp, key, value, other);
    }

    /** The same record for one partition. */
    public ProducerRecord<K, V> withPartition(int other) {
        return new ProducerRecord<>(topic, other, timestamp, key, value, headers);
    }

    /** The same record with a timestamp, in milliseconds since the epoch. */
    public ProducerRecord<K, V> withTimestamp(long millis) {
        return new ProducerRecord<>(topic, partition, millis, key, value, headers);
    }

    /** Names the coordinates only; contents do not belong in logs. */
    @Override
    public String toString() {
        return "ProducerRecord[topic=" + topic + " partition=" + partition + " timestamp=" + timestamp + " headers="
                + headers.size() + "]";
    }
}
