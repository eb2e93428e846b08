package dev.millrace.producer;

import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * Told once what became of a record.
 *
 * <p>Runs on the delivery executor, never on the I/O loop, in the order of the sends for each partition. It may call
 * {@code send}, {@code flush} and {@code close}. Whatever it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface SendCallback {

    /**
     * The record is delivered or has failed.
     *
     * @param metadata where the record went; for a failed record its topic and, if one was chosen, its partition, with
     *     {@link RecordMetadata#NO_OFFSET}. Never null
     * @param failure null for a delivered record
     */
    void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure);
}
