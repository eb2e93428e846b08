package dev.millrace.producer;

/**
 * Where a record went.
 *
 * @param topic the topic
 * @param partition the partition, or {@value #UNKNOWN_PARTITION} for a record that failed before one was chosen
 * @param offset the record's offset in the partition, or {@value #NO_OFFSET} when the broker did not tell one: with
 *     acks=0, for a duplicate the broker had already forgotten the offset of, and for a failed record
 * @param timestamp milliseconds since the epoch: the broker's append time on topics that use it, else the record's own
 * @param serializedKeySize bytes of the key, or {@value #NULL_SIZE} for a null key
 * @param serializedValueSize bytes of the value, or {@value #NULL_SIZE} for a null value
 */
public record RecordMetadata(
        String topic, int partition, long offset, long timestamp, int serializedKeySize, int serializedValueSize) {

    /** The offset of a record the broker gave none for. */
    public static final long NO_OFFSET = -1;

    /** The partition of a record that failed before one was chosen. */
    public static final int UNKNOWN_PARTITION = -1;

    /** The serialized size of null. */
    public static final int NULL_SIZE = -1;

    /** Whether the broker told the record's offset. */
    public boolean hasOffset() {
        return offset != NO_OFFSET;
    }

    /** The form used in logs: {@code orders-3@42}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
