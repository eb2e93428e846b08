package dev.millrace.autoconfigure.testcontainers;

import org.testcontainers.kafka.ConfluentKafkaContainer;

/** Of Confluent's image. */
final class ConfluentKafkaProducerConnectionDetailsFactory
        extends ProducerContainerConnectionDetailsFactory<ConfluentKafkaContainer> {

    ConfluentKafkaProducerConnectionDetailsFactory() {}

    @Override
    String bootstrapServers(ConfluentKafkaContainer container) {
        return container.getBootstrapServers();
    }
}
