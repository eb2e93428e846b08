package dev.millrace.producer.internal;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a user opens a producer with.
 *
 * @param config of the producer
 * @param keySerializer makes bytes of keys
 * @param valueSerializer makes bytes of values
 * @param partitioner chooses partitions, or null for the built-in one
 * @param interceptors see every record, in this order
 * @param nonBlocking names threads that must not wait for memory
 * @param observer hears of events, or null
 * @param isLent whether the user's code belongs to somebody else, who closes it
 */
public record Opening<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerConfig config,
        Serializer<K> keySerializer,
        Serializer<V> valueSerializer,
        @Nullable Partitioner<? super K, ? super V> partitioner,
        List<ProducerInterceptor<K, V>> interceptors,
        Predicate<? super Thread> nonBlocking,
        @Nullable ProducerObserver observer,
        boolean isLent) {

    PlugIns<K, V> plugIns() {
        return new PlugIns<>(keySerializer, valueSerializer, partitioner, interceptors, nonBlocking, observer, isLent);
    }
}
