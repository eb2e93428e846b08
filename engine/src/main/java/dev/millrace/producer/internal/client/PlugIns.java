package dev.millrace.producer.internal.client;

import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The user's code that a producer calls and, in the end, closes.
 *
 * @param keySerializer makes bytes of keys
 * @param valueSerializer makes bytes of values
 * @param partitioner chooses partitions, or null to leave that to the built-in one
 */
public record PlugIns<K extends @Nullable Object, V extends @Nullable Object>(
        Serializer<K> keySerializer,
        Serializer<V> valueSerializer,
        @Nullable Partitioner<? super K, ? super V> partitioner) {

    /** All of them, in the order in which they are closed. */
    List<AutoCloseable> all() {
        List<AutoCloseable> all = new ArrayList<>(List.of(keySerializer, valueSerializer));
        if (partitioner != null) {
            all.add(partitioner);
        }
        return all;
    }
}
