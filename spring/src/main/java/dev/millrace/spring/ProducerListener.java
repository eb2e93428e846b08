package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Hears what became of every record a template sends, before the record's future completes. Several are told in their
 * order.
 *
 * <p>Must be safe for use by several threads. Runs where the template's futures complete; of the records of one partition
 * it hears in the order in which they were sent. Nothing it throws keeps the others from hearing, or changes the outcome.
 * The result of {@code sendAll} comes when it has heard of each of its records.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerListener<K extends @Nullable Object, V extends @Nullable Object> {

    /** The record is delivered, and this is where to. */
    default void onSuccess(ProducerRecord<K, V> record, RecordMetadata metadata) {}

    /** The record is not delivered; its future is about to fail with this exception. */
    default void onError(ProducerRecord<K, V> record, SendFailedException failure) {}
}
