package dev.millrace.autoconfigure.testcontainers;

import org.testcontainers.kafka.KafkaContainer;

/** Of Apache's images, {@code apache/kafka} and {@code apache/kafka-native}. */
final class ApacheKafkaProducerConnectionDetailsFactory
        extends ProducerContainerConnectionDetailsFactory<KafkaContainer> {

    ApacheKafkaProducerConnectionDetailsFactory() {}

    @Override
    String bootstrapServers(KafkaContainer container) {
        return container.getBootstrapServers();
    }
}
