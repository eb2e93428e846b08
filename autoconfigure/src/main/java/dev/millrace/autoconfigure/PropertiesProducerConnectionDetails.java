package dev.millrace.autoconfigure;

import java.util.List;
import org.springframework.util.StringUtils;

/** The cluster of {@code app.producer.bootstrap-servers}, or a local one if that is not set. */
final class PropertiesProducerConnectionDetails implements ProducerConnectionDetails {

    /** Where the cluster is, and how to get in; names of keys and of groups of keys. */
    static final List<String> PROPERTIES =
            List.of("app.producer.bootstrap-servers", "app.producer.security", "app.producer.ssl", "app.producer.sasl");

    static final String DEFAULT_BOOTSTRAP_SERVER = "localhost:9092";

    private final ProducerProperties properties;

    PropertiesProducerConnectionDetails(ProducerProperties properties) {
        this.properties = properties;
    }

    @Override
    public List<String> getBootstrapServers() {
        List<String> set = properties.getBootstrapServers().stream()
                .filter(StringUtils::hasText)
                .toList();
        return set.isEmpty() ? List.of(DEFAULT_BOOTSTRAP_SERVER) : set;
    }
}
