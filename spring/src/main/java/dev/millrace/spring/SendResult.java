package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A delivered record and where the broker put it.
 *
 * @param record the record as it was sent
 * @param metadata topic, partition, offset, timestamp and serialized sizes
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record SendResult<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerRecord<K, V> record, RecordMetadata metadata) {}
