package dev.millrace.spring;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.errors.ProducerException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends records through the factory's shared producer. One for an application is the rule; it has no state of its own
 * and needs no closing.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public class ProducerTemplate<K extends @Nullable Object, V extends @Nullable Object>
        implements ProducerOperations<K, V> {

    private final ProducerFactory<K, V> producerFactory;

    /** Over a factory; opens nothing. */
    public ProducerTemplate(ProducerFactory<K, V> producerFactory) {
        this.producerFactory = Objects.requireNonNull(producerFactory, "producerFactory must not be null");
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(String topic, @Nullable V value) {
        return send(new ProducerRecord<>(topic, value));
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(String topic, @Nullable K key, @Nullable V value) {
        return send(new ProducerRecord<>(topic, key, value));
    }

    @Override
    public CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value) {
        return send(new ProducerRecord<>(topic, partition, key, value));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything, and earlier than the future
    public CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record) {
        Objects.requireNonNull(record, "record must not be null");
        PendingSend<K, V> pending = new PendingSend<>(producerFactory, record);
        try {
            producerFactory.getSharedProducer().send(record, pending);
        } catch (ProducerException failure) {
            pending.fail(partitionOf(record), failure);
        }
        return pending;
    }

    @Override
    public @Nullable CompletableFuture<SendResult<K, V>> trySend(ProducerRecord<K, V> record) {
        Objects.requireNonNull(record, "record must not be null");
        PendingSend<K, V> pending = new PendingSend<>(producerFactory, record);
        try {
            return producerFactory.getSharedProducer().trySend(record, pending) == null ? null : pending;
        } catch (ProducerException failure) {
            pending.fail(partitionOf(record), failure);
            return pending;
        }
    }

    private static int partitionOf(ProducerRecord<?, ?> record) {
        return record.partition() == null ? RecordMetadata.UNKNOWN_PARTITION : record.partition();
    }

    /** The engine's own future: cancelling a dependent one would leave this application in the line. */
    @Override
    public CompletableFuture<Void> whenWritable() {
        return producerFactory.getSharedProducer().whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(Iterable<? extends ProducerRecord<K, V>> records) {
        return producerFactory.getSharedProducer().sendAll(records);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return producerFactory.getSharedProducer().sendAll(records, options);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(Flow.Publisher<? extends ProducerRecord<K, V>> records) {
        return producerFactory.getSharedProducer().sendAll(records);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return producerFactory.getSharedProducer().sendAll(records, options);
    }

    @Override
    public void flush() {
        try {
            producerFactory.getSharedProducer().flush();
        } catch (ProducerException failure) {
            throw new ProducerOperationException(
                    "Flush of producer '" + producerFactory.getName() + "' did not finish: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return producerFactory.getSharedProducer().flushAsync();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        return producerFactory.getSharedProducer().partitionsFor(topic).exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(new ProducerOperationException(
                    "Partitions of topic '" + topic + "' could not be read by producer '" + producerFactory.getName()
                            + "': " + cause.getMessage(),
                    cause));
        });
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return producerFactory.getSharedProducer().snapshot();
    }

    @Override
    public ProducerFactory<K, V> getProducerFactory() {
        return producerFactory;
    }
}
