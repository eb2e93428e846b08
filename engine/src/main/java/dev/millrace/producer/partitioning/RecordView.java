package dev.millrace.producer.partitioning;

import dev.millrace.producer.Headers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way in, as a {@link Partitioner} sees it. Nothing is copied; the bytes belong to the producer and are
 * valid only during the call.
 *
 * @param <K> type of the key
 * @param <V> type of the value
 */
public interface RecordView<K extends @Nullable Object, V extends @Nullable Object> {

    /** Where the record goes. */
    String topic();

    /** The key as it was sent, or null. */
    @Nullable K key();

    /** The value as it was sent, or null. */
    @Nullable V value();

    /** The serialized key, read-only, from position to limit; null if the key has no bytes at all. An empty key is not null. */
    @Nullable ByteBuffer keyBytes();

    /** The serialized value, read-only, from position to limit; null for a tombstone. */
    @Nullable ByteBuffer valueBytes();

    /** The record's headers, with those the serializers have added. */
    Headers headers();
}
