package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads configurations written with Kafka's names ({@code linger.ms}, {@code acks}, …), for those who come with a
 * {@link Properties} file.
 *
 * <p>A value is text, which is trimmed, or already has the type of its setting. A plain number is milliseconds or
 * bytes, as in Kafka. Nothing is ignored: an unknown name is refused together with everything else that is wrong, in
 * one {@link ConfigException}; for a typing error it names the nearest known one.
 *
 * <p>{@code key.serializer} and {@code value.serializer} are a {@link Serializer}, or the name of a built-in one such
 * as {@code string} or {@code org.apache.kafka.common.serialization.StringSerializer}. {@code partitioner.class} is a
 * {@link Partitioner} or the name of a built-in one, {@code interceptor.classes} a {@link ProducerInterceptor} or a list of
 * them. No class is loaded by name.
 */
public final class KafkaPropertyNames {

    private KafkaPropertyNames() {}

    /**
     * Reads a configuration and its serializers. The caller answers for all objects in it fitting {@code K} and {@code V}.
     *
     * @throws ConfigException with every violation, if there is one
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> ProducerSettings<K, V> read(
            Map<String, ? extends @Nullable Object> properties) {
        KafkaPropertyReader reader = new KafkaPropertyReader(properties);
        Serializer<?> key = reader.serializer(KafkaPropertyReader.KEY_SERIALIZER);
        Serializer<?> value = reader.serializer(KafkaPropertyReader.VALUE_SERIALIZER);
        return settings(reader, unchecked(key), unchecked(value));
    }

    /**
     * Reads a configuration for serializers that are given here and therefore not in the properties.
     *
     * @throws ConfigException with every violation, if there is one
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> ProducerSettings<K, V> read(
            Map<String, ? extends @Nullable Object> properties, Serializer<K> key, Serializer<V> value) {
        KafkaPropertyReader reader = new KafkaPropertyReader(properties);
        reader.refuseSerializers();
        return settings(reader, key, value);
    }

    /**
     * Puts settings into a builder, as if its methods were called; {@link ProducerConfig.Builder#build} checks them.
     *
     * @return what cannot be read: unknown names, values of another kind, and what is given as an object
     */
    public static List<Violation> readInto(
            ProducerConfig.Builder builder, Map<String, ? extends @Nullable Object> properties) {
        return new KafkaPropertyReader(properties, builder).readSettings();
    }

    /** As {@link #read(Map)}; the properties' own defaults count. */
    public static <K extends @Nullable Object, V extends @Nullable Object> ProducerSettings<K, V> read(
            Properties properties) {
        return read(asMap(properties));
    }

    /** As {@link #read(Map, Serializer, Serializer)}; the properties' own defaults count. */
    public static <K extends @Nullable Object, V extends @Nullable Object> ProducerSettings<K, V> read(
            Properties properties, Serializer<K> key, Serializer<V> value) {
        return read(asMap(properties), key, value);
    }

    /** {@link Properties} hides defaults from its map and values that are not text from its names. */
    private static Map<String, Object> asMap(Properties properties) {
        Map<String, Object> all = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            all.put(name, properties.getProperty(name, ""));
        }
        properties.forEach((name, value) -> all.put(String.valueOf(name), value));
        return all;
    }

    @SuppressWarnings("unchecked") // as documented: the caller answers for it
    private static <K extends @Nullable Object, V extends @Nullable Object> ProducerSettings<K, V> settings(
            KafkaPropertyReader reader, Serializer<K> key, Serializer<V> value) {
        List<ProducerInterceptor<K, V>> interceptors = new ArrayList<>();
        reader.interceptors().forEach(each -> interceptors.add((ProducerInterceptor<K, V>) each));
        Partitioner<? super K, ? super V> partitioner = (Partitioner<? super K, ? super V>) reader.partitioner();
        return new ProducerSettings<>(reader.config(), key, value, partitioner, interceptors);
    }

    @SuppressWarnings("unchecked") // as documented: the caller answers for it
    private static <T extends @Nullable Object> Serializer<T> unchecked(Serializer<?> serializer) {
        return (Serializer<T>) serializer;
    }
}
