package dev.millrace.producer.interceptor;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * Sees every record before it is serialized, may replace it, and hears what became of it. Given to a producer with {@link
 * dev.millrace.producer.Producers.Builder#interceptors}; several work in their order.
 *
 * <p>Must be safe for use by several threads. Nothing it does stops a record: what it throws is logged, not for each
 * record, and the others are called all the same.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerInterceptor<K extends @Nullable Object, V extends @Nullable Object> extends AutoCloseable {

    /**
     * A record is about to be sent. Runs on the thread that sends, before the serializers.
     *
     * <p>The result goes to the next interceptor and then on its way; topic, partition, headers, key and value may all be
     * others. If this throws or returns null the record goes on as the interceptor before left it.
     *
     * @return the record to send, often the one given
     */
    default ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        return record;
    }

    /**
     * What became of a record that went through {@link #onSend}, once for each: delivered, failed, refused before it got
     * anywhere, or not taken by {@code trySend}. Runs on the delivery executor: first the interceptors in their order, then
     * the callback, then the future completes.
     *
     * @param metadata where the record went; of a failed one the topic and, as far as known, the partition, with {@link
     *     RecordMetadata#NO_OFFSET}. Never null (KAFKA-12841)
     * @param headers the headers it was sent with, those added by interceptors and serializers included (KIP-512)
     * @param failure null for a delivered record
     */
    default void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {}

    /** Called once, when the producer closes and all records have ended. */
    @Override
    default void close() {}
}
