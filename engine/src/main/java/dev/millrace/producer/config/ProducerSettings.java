package dev.millrace.producer.config;

import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration and the user's code that Kafka's property names configure beside it.
 *
 * @param config the checked configuration
 * @param keySerializer turns keys into bytes
 * @param valueSerializer turns values into bytes
 * @param partitioner chooses partitions, null to leave that to the configured built-in one
 * @param interceptors see every record, in this order
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public record ProducerSettings<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerConfig config,
        Serializer<K> keySerializer,
        Serializer<V> valueSerializer,
        @Nullable Partitioner<? super K, ? super V> partitioner,
        List<ProducerInterceptor<K, V>> interceptors) {

    /** Copies the list. */
    public ProducerSettings {
        interceptors = List.copyOf(interceptors);
    }
}
