package dev.millrace.producer.config;

import dev.millrace.producer.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A configuration and the serializers that Kafka's property names configure beside it.
 *
 * @param config the checked configuration
 * @param keySerializer turns keys into bytes
 * @param valueSerializer turns values into bytes
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public record ProducerSettings<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {}
