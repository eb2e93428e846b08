package dev.millrace.spring;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.util.ArrayList;
import java.util.List;

/** Factories over the engine itself, closed with this. */
final class RealFactories implements AutoCloseable {

    /** A value that cannot be serialized. */
    static final String POISON = "poison";

    private final DevCluster cluster;
    private final List<DefaultProducerFactory<String, String>> opened = new ArrayList<>();

    RealFactories(DevCluster cluster) {
        this.cluster = cluster;
    }

    DefaultProducerFactory<String, String> open(TransactionSettings settings) {
        return open(ProducerConfig.builder(), settings);
    }

    /** With more settings of the producer; the cluster is known. */
    DefaultProducerFactory<String, String> open(ProducerConfig.Builder config, TransactionSettings settings) {
        Serializer<String> text = Serializers.string();
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                config.bootstrapServers(cluster.bootstrapServers()).build(), Serializers.string(), (topic, value) -> {
                    if (value.equals(POISON)) {
                        throw new IllegalArgumentException("not to be written");
                    }
                    return text.serialize(topic, value);
                });
        factory.setTransactionSettings(settings);
        opened.add(factory);
        return factory;
    }

    @Override
    public void close() {
        opened.forEach(DefaultProducerFactory::destroy);
    }
}
