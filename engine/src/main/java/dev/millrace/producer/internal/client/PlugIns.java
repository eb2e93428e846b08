package dev.millrace.producer.internal.client;

import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The user's code that a producer calls and, unless it is lent, in the end closes.
 *
 * @param keySerializer makes bytes of keys
 * @param valueSerializer makes bytes of values
 * @param partitioner chooses partitions, or null to leave that to the built-in one
 * @param interceptors see every record, in this order
 * @param nonBlocking names threads that must not wait for memory
 * @param observer hears of events, or null
 * @param isLent whether they belong to somebody else, who closes them
 */
public record PlugIns<K extends @Nullable Object, V extends @Nullable Object>(
        Serializer<K> keySerializer,
        Serializer<V> valueSerializer,
        @Nullable Partitioner<? super K, ? super V> partitioner,
        List<ProducerInterceptor<K, V>> interceptors,
        Predicate<? super Thread> nonBlocking,
        @Nullable ProducerObserver observer,
        boolean isLent) {

    /** The producer's own. */
    public PlugIns(
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            @Nullable Partitioner<? super K, ? super V> partitioner,
            List<ProducerInterceptor<K, V>> interceptors,
            Predicate<? super Thread> nonBlocking,
            @Nullable ProducerObserver observer) {
        this(keySerializer, valueSerializer, partitioner, interceptors, nonBlocking, observer, false);
    }

    /** What the producer has to close, in this order. */
    List<AutoCloseable> own() {
        if (isLent) {
            return List.of();
        }
        List<AutoCloseable> all = new ArrayList<>(interceptors);
        all.add(keySerializer);
        all.add(valueSerializer);
        if (partitioner != null) {
            all.add(partitioner);
        }
        return all;
    }
}
