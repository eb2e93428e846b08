package dev.millrace.producer;

import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/** A record that was accepted and could not be delivered before the producer closed, in its serialized form. */
public final class UndeliveredRecord {

    private final String topic;
    private final int partition;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;
    private final ProducerException failure;
    private final boolean isSerialized;

    /** The arrays are not copied. */
    public UndeliveredRecord(
            String topic,
            int partition,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            ProducerException failure) {
        this(topic, partition, timestamp, key, value, headers, failure, true);
    }

    private UndeliveredRecord(
            String topic,
            int partition,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            ProducerException failure,
            boolean isSerialized) {
        this.topic = topic;
        this.partition = partition;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.failure = failure;
        this.isSerialized = isSerialized;
    }

    /** A record whose asynchronous serializer had not given its bytes yet. */
    public static UndeliveredRecord withoutBytes(
            String topic, int partition, long timestamp, Headers headers, ProducerException failure) {
        return new UndeliveredRecord(topic, partition, timestamp, null, null, headers, failure, false);
    }

    /** Whether {@link #key} and {@link #value} are the record's; if not they are null and say nothing about it. */
    public boolean isSerialized() {
        return isSerialized;
    }

    /** The topic. */
    public String topic() {
        return topic;
    }

    /** The partition, or {@link RecordMetadata#UNKNOWN_PARTITION} if none had been chosen. */
    public int partition() {
        return partition;
    }

    /** Milliseconds since the epoch. */
    public long timestamp() {
        return timestamp;
    }

    /** The serialized key, or null. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The serialized value, or null. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The headers. */
    public Headers headers() {
        return headers;
    }

    /** What the record's future was failed with; it says whether the record may have been written. */
    public ProducerException failure() {
        return failure;
    }

    /** Names the coordinates only; contents do not belong in logs. */
    @Override
    public String toString() {
        return "UndeliveredRecord[topic=" + topic + " partition=" + partition + " timestamp=" + timestamp + " failure="
                + failure.getMessage() + "]";
    }
}
