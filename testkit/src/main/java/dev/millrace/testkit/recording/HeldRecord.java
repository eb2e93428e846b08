package dev.millrace.testkit.recording;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A record that was accepted and has not ended.
 *
 * @param owner the producer that took it
 * @param record as the interceptors left it
 * @param partition where it goes, or {@link RecordMetadata#UNKNOWN_PARTITION}
 * @param timestampMillis its own, or that of the send
 * @param headers with those that serializers have added
 * @param keyBytes size, -1 for null or if nobody serializes
 * @param valueBytes as above
 * @param transaction what it is part of; null if of nothing
 * @param callback told before the future
 * @param future what the caller has
 */
record HeldRecord<K extends @Nullable Object, V extends @Nullable Object>(
        Object owner,
        ProducerRecord<K, V> record,
        int partition,
        long timestampMillis,
        Headers headers,
        int keyBytes,
        int valueBytes,
        @Nullable RecordedTransaction transaction,
        SendCallback callback,
        CompletableFuture<RecordMetadata> future) {

    RecordMetadata metadata(long offset) {
        return new RecordMetadata(record.topic(), partition, offset, timestampMillis, keyBytes, valueBytes);
    }
}
