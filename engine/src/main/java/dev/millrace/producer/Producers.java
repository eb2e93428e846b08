package dev.millrace.producer;

import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.Opening;
import dev.millrace.producer.internal.ProducerAssembly;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Predicate;
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
        return builder(config, keySerializer, valueSerializer).open();
    }

    /**
     * A producer that is given more than serializers before it is opened.
     *
     * @param keySerializer makes bytes of keys; called on the threads that send
     * @param valueSerializer makes bytes of values; called on the threads that send
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Builder<K, V> builder(
            ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        Objects.requireNonNull(config, "config must not be null");
        Objects.requireNonNull(keySerializer, "keySerializer must not be null");
        Objects.requireNonNull(valueSerializer, "valueSerializer must not be null");
        return new Builder<>(config, keySerializer, valueSerializer);
    }

    /**
     * A producer from Kafka's property names, serializers included: {@code bootstrap.servers}, {@code key.serializer},
     * {@code linger.ms} and so on.
     *
     * @throws ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(Properties properties) {
        return builder(KafkaPropertyNames.<K, V>read(properties)).open();
    }

    /**
     * As {@link #open(Properties)}; values may be text or objects of the setting's type.
     *
     * @throws ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(
            Map<String, ?> properties) {
        return builder(KafkaPropertyNames.<K, V>read(properties)).open();
    }

    /**
     * A transactional producer from Kafka's property names, {@code transactional.id} among them.
     *
     * @throws ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object>
            TransactionalProducer<K, V> openTransactional(Properties properties) {
        return builder(KafkaPropertyNames.<K, V>read(properties)).openTransactional();
    }

    /**
     * As {@link #openTransactional(Properties)}; values may be text or objects of the setting's type.
     *
     * @throws ConfigException with every violation found
     */
    public static <K extends @Nullable Object, V extends @Nullable Object>
            TransactionalProducer<K, V> openTransactional(Map<String, ?> properties) {
        return builder(KafkaPropertyNames.<K, V>read(properties)).openTransactional();
    }

    private static <K extends @Nullable Object, V extends @Nullable Object> Builder<K, V> builder(
            ProducerSettings<K, V> settings) {
        Builder<K, V> builder = builder(settings.config(), settings.keySerializer(), settings.valueSerializer())
                .interceptors(settings.interceptors());
        Partitioner<? super K, ? super V> partitioner = settings.partitioner();
        return partitioner == null ? builder : builder.partitioner(partitioner);
    }

    /**
     * Collects the user's code that a producer is to call. For one thread.
     *
     * @param <K> type of the keys
     * @param <V> type of the values
     */
    public static final class Builder<K extends @Nullable Object, V extends @Nullable Object> {

        private final ProducerConfig config;
        private final Serializer<K> keySerializer;
        private final Serializer<V> valueSerializer;
        private @Nullable Partitioner<? super K, ? super V> partitioner; // null for the built-in one
        private List<ProducerInterceptor<K, V>> interceptors = List.of();
        private Predicate<? super Thread> nonBlocking = thread -> false;
        private @Nullable ProducerObserver observer; // null for none
        private boolean isLent;

        private Builder(ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
            this.config = config;
            this.keySerializer = keySerializer;
            this.valueSerializer = valueSerializer;
        }

        /**
         * Lets this partitioner choose instead of the configured one, for records that name no partition. The producer
         * closes it.
         */
        public Builder<K, V> partitioner(Partitioner<? super K, ? super V> chooser) {
            partitioner = Objects.requireNonNull(chooser, "partitioner must not be null; leave it out for the default");
            return this;
        }

        /** Lets these see every record, in this order, instead of those given before. The producer closes them. */
        public Builder<K, V> interceptors(List<? extends ProducerInterceptor<K, V>> chain) {
            interceptors = List.copyOf(chain);
            return this;
        }

        /**
         * Names threads on which {@code send} must not wait for buffer space, besides those it knows by itself: its own, the
         * event loops of Netty, and Reactor's.
         *
         * @param rule asked on the thread in question, only when there is no space
         */
        public Builder<K, V> nonBlockingThreads(Predicate<? super Thread> rule) {
            nonBlocking = Objects.requireNonNull(rule, "rule must not be null");
            return this;
        }

        /** Lets this observer hear of everything that happens; see {@link Producer#snapshot} for the state of things. */
        public Builder<K, V> observer(ProducerObserver events) {
            observer = Objects.requireNonNull(events, "observer must not be null; leave it out for none");
            return this;
        }

        /**
         * Leaves serializers, partitioner and interceptors open when the producer is closed: they belong to somebody else, who
         * may give them to other producers, too.
         */
        public Builder<K, V> lent() {
            isLent = true;
            return this;
        }

        /**
         * The producer. It closes what it was given when it is closed, unless that is {@link #lent}.
         *
         * @throws ConfigException if the configuration has a transactional id
         */
        public Producer<K, V> open() {
            if (config.transaction().id() != null) {
                throw refused("makes a transactional producer; open it with openTransactional, or leave the id out");
            }
            return ProducerAssembly.open(opening());
        }

        /**
         * The producer of a configuration with a transactional id. It closes what it was given as {@link #open}.
         *
         * @throws ConfigException if the configuration has no transactional id
         */
        public TransactionalProducer<K, V> openTransactional() {
            if (config.transaction().id() == null) {
                throw refused("is not set; a transactional producer needs an id of its own");
            }
            return ProducerAssembly.openTransactional(opening());
        }

        private Opening<K, V> opening() {
            return new Opening<>(
                    config, keySerializer, valueSerializer, partitioner, interceptors, nonBlocking, observer, isLent);
        }

        private ConfigException refused(String reason) {
            String id = config.transaction().id();
            return new ConfigException(List.of(
                    new ConfigException.Violation(Setting.TRANSACTIONAL_ID.toString(), id == null ? "" : id, reason)));
        }
    }
}
