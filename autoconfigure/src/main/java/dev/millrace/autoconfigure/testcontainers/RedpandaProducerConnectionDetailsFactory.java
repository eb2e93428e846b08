package dev.millrace.autoconfigure.testcontainers;

import org.testcontainers.redpanda.RedpandaContainer;

/** Of Redpanda's image. */
final class RedpandaProducerConnectionDetailsFactory
        extends ProducerContainerConnectionDetailsFactory<RedpandaContainer> {

    RedpandaProducerConnectionDetailsFactory() {}

    @Override
    String bootstrapServers(RedpandaContainer container) {
        return container.getBootstrapServers();
    }
}
