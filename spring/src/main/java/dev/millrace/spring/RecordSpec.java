package dev.millrace.spring;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A record, put together step by step and then sent. What is not said is left to the producer, or null.
 *
 * <pre>{@code
 * template.record("orders").key(order.id()).value(order).header("source", "shop").send();
 * }</pre>
 *
 * <p>For one thread. It may be sent again, also with other values.
 *
 * @param <K> type of the key
 * @param <V> type of the value
 */
public final class RecordSpec<K extends @Nullable Object, V extends @Nullable Object> {

    private final ProducerOperations<K, V> operations;
    private final String topic;
    private @Nullable Integer partition;
    private @Nullable Long timestamp;
    private @Nullable K key;
    private @Nullable V value;
    private Headers headers = Headers.empty();

    RecordSpec(ProducerOperations<K, V> operations, String topic) {
        this.operations = operations;
        this.topic = Objects.requireNonNull(topic, "topic must not be null");
    }

    /** Names the partition, from 0, instead of letting the partitioner choose. */
    public RecordSpec<K, V> partition(int number) {
        partition = number;
        return this;
    }

    /** Sets the record's time, in milliseconds, instead of that of the send. */
    public RecordSpec<K, V> timestamp(Instant time) {
        timestamp = time.toEpochMilli();
        return this;
    }

    /** Sets the key, which decides the partition unless one is named. */
    public RecordSpec<K, V> key(@Nullable K object) {
        key = object;
        return this;
    }

    /** Sets the value; a record without one is a tombstone. */
    public RecordSpec<K, V> value(@Nullable V object) {
        value = object;
        return this;
    }

    /** Adds a header at the end. The bytes are not copied. */
    public RecordSpec<K, V> header(String name, byte @Nullable [] bytes) {
        headers = headers.with(name, bytes);
        return this;
    }

    /** Adds a header at the end, as UTF-8. */
    public RecordSpec<K, V> header(String name, String text) {
        return header(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The record as it would be sent.
     *
     * @throws IllegalArgumentException if the topic is empty, or partition or timestamp is negative
     */
    public ProducerRecord<K, V> toRecord() {
        return new ProducerRecord<>(topic, partition, timestamp, key, value, headers);
    }

    /** Sends it, as {@link ProducerOperations#send(ProducerRecord)} does. */
    public CompletableFuture<SendResult<K, V>> send() {
        return operations.send(toRecord());
    }

    /** Sends it if there is buffer space now, as {@link ProducerOperations#trySend} does; null if there is none. */
    public @Nullable CompletableFuture<SendResult<K, V>> trySend() {
        return operations.trySend(toRecord());
    }
}
