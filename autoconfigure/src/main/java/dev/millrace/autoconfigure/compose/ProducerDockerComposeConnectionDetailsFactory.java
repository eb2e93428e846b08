package dev.millrace.autoconfigure.compose;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Makes connection details of services whose image, or whose label {@code org.springframework.boot.service-connection}, is one
 * that Kafka or Redpanda is known by. A bundle is what Boot's labels {@code org.springframework.boot.sslbundle.*} say.
 */
final class ProducerDockerComposeConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<ProducerConnectionDetails> {

    private static final String[] NAMES = {
        "apache/kafka",
        "apache/kafka-native",
        "bitnami/kafka",
        "bitnamilegacy/kafka",
        "confluentinc/confluent-local",
        "confluentinc/cp-kafka",
        "redpandadata/redpanda",
        // as labels of an image of one's own
        "kafka",
        "redpanda"
    };

    ProducerDockerComposeConnectionDetailsFactory() {
        super(NAMES);
    }

    @Override
    protected ProducerConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new ProducerDockerComposeConnectionDetails(source.getRunningService());
    }

    private static final class ProducerDockerComposeConnectionDetails extends DockerComposeConnectionDetails
            implements ProducerConnectionDetails {

        private final ServiceListener listener;
        private final @Nullable SslBundle bundle;

        private ProducerDockerComposeConnectionDetails(RunningService service) {
            super(service);
            this.listener = ServiceListener.of(service);
            this.bundle = getSslBundle(service);
        }

        @Override
        public List<String> getBootstrapServers() {
            return List.of(listener.address());
        }

        @Override
        public String getSecurityProtocol() {
            return bundle == null || listener.protocol().endsWith("SSL") ? listener.protocol() : "SSL";
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return bundle;
        }
    }
}
