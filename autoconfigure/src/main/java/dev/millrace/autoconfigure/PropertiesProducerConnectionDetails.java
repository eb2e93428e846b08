package dev.millrace.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/** The cluster of {@code app.producer.bootstrap-servers}, or a local one if that is not set, and its security. */
final class PropertiesProducerConnectionDetails implements ProducerConnectionDetails {

    /** Where the cluster is, and how to get in; names of keys and of groups of keys. */
    static final List<String> PROPERTIES =
            List.of("app.producer.bootstrap-servers", "app.producer.security", "app.producer.ssl", "app.producer.sasl");

    static final String DEFAULT_BOOTSTRAP_SERVER = "localhost:9092";

    private final ProducerProperties properties;
    private final @Nullable SslBundles bundles;

    PropertiesProducerConnectionDetails(ProducerProperties properties, @Nullable SslBundles bundles) {
        this.properties = properties;
        this.bundles = bundles;
    }

    @Override
    public List<String> getBootstrapServers() {
        List<String> set = properties.getBootstrapServers().stream()
                .filter(StringUtils::hasText)
                .toList();
        return set.isEmpty() ? List.of(DEFAULT_BOOTSTRAP_SERVER) : set;
    }

    @Override
    public @Nullable String getSecurityProtocol() {
        return properties.getSecurity().getProtocol();
    }

    /** The bundle as it is now. */
    @Override
    public @Nullable SslBundle getSslBundle() {
        String name = properties.getSsl().getBundle();
        return bundles == null || !StringUtils.hasText(name) ? null : bundles.getBundle(name.trim());
    }
}
