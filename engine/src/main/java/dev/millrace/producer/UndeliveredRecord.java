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

    /** The arrays are not copied. */
    public UndeliveredRecord(
            String topic,
            int partition,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            ProducerException failure) {
        this.topic = topic;
        this.partition = partition;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.failure = failure;
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
