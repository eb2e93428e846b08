package dev.millrace.producer;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The producers under test, and bounded waits for what they promise. */
final class Clients {

    private Clients() {}

    static ProducerConfig.Builder config(DevCluster cluster) {
        return ProducerConfig.builder().bootstrapServers(cluster.bootstrapServers());
    }

    static Producer<byte[], byte[]> openBytes(ProducerConfig.Builder config) {
        return Producers.open(config.build(), Serializers.bytes(), Serializers.bytes());
    }

    static Producer<String, String> openText(ProducerConfig.Builder config) {
        return Producers.open(config.build(), Serializers.string(), Serializers.string());
    }

    /** For a record whose end the test learns in another way. */
    static <K extends @Nullable Object, V extends @Nullable Object> void submit(
            Producer<K, V> producer, ProducerRecord<K, V> record) {
        CompletableFuture<RecordMetadata> unused = producer.send(record);
    }

    static <K extends @Nullable Object, V extends @Nullable Object> void submit(
            Producer<K, V> producer, ProducerRecord<K, V> record, SendCallback callback) {
        CompletableFuture<RecordMetadata> unused = producer.send(record, callback);
    }

    static void submit(TransactionalProducer<String, String> producer, ProducerRecord<String, String> record) {
        CompletableFuture<RecordMetadata> unused = producer.send(record);
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    /** {@code value-0}, {@code value-1} and so on. */
    static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "value-" + i).toList();
    }
}
