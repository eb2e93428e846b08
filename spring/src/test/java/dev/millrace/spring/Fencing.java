package dev.millrace.spring;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.Producers;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;

/** Another instance of an application that uses ids of this one. */
final class Fencing {

    private Fencing() {}

    /** Takes an id over, which fences whoever has it and ends his transaction. */
    static void replace(DevCluster cluster, String transactionalId) {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .transactionalId(transactionalId)
                .build();
        try (TransactionalProducer<String, String> successor = Producers.builder(
                        config, Serializers.string(), Serializers.string())
                .openTransactional()) {
            successor.init();
        }
    }
}
