package dev.millrace.producer;

import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.internal.ProducerAssembly;
import dev.millrace.producer.serialization.Serializer;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Opens producers.
 *
 * <p>Opening never waits: the cluster is contacted in the background, and what goes wrong there is told by the futures of
 * the records that need it. Producers of one JVM with the same bootstrap servers and connection settings share one
 * event loop and one view of the cluster.
 */
public final class Producers {

    private Producers() {}

    /**
     * A producer with the given configuration. It closes the serializers when it is closed.
     *
     * @param keySerializer makes bytes of keys; called on the threads that send
     * @param valueSerializer makes bytes of values; called on the threads that send
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(
            ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        Objects.requireNonNull(config, "config must not be null");
        Objects.requireNonNull(keySerializer, "keySerializer must not be null");
        Objects.requireNonNull(valueSerializer, "valueSerializer must not be null");
        return ProducerAssembly.open(config, keySerializer, valueSerializer);
    }

    /**
     * A producer from Kafka's property names, serializers included: {@code bootstrap.servers}, {@code key.serializer},
     * {@code linger.ms} and so on.
     *
     * @throws dev.millrace.producer.errors.ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(Properties properties) {
        return open(KafkaPropertyNames.<K, V>read(properties));
    }

    /**
     * As {@link #open(Properties)}; values may be text or objects of the setting's type.
     *
     * @throws dev.millrace.producer.errors.ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(
            Map<String, ?> properties) {
        return open(KafkaPropertyNames.<K, V>read(properties));
    }

    private static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(
            ProducerSettings<K, V> settings) {
        return open(settings.config(), settings.keySerializer(), settings.valueSerializer());
    }
}
