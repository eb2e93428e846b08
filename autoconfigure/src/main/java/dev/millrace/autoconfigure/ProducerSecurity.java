package dev.millrace.autoconfigure;

import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.TlsSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Hands to the engine's builder what {@code app.producer.security}, {@code .ssl} and {@code .sasl} say, or connection details
 * and beans in their place.
 */
final class ProducerSecurity {

    private static final String BUNDLE = "app.producer.ssl.bundle";
    private static final String RELOAD = "app.producer.ssl.reload";

    private final SslBundleSources bundles;
    private final ProducerSasl sasl;

    ProducerSecurity(ConfigurableListableBeanFactory beanFactory, Environment environment, SslBundleSources bundles) {
        this.bundles = bundles;
        this.sasl = new ProducerSasl(beanFactory, environment, bundles);
    }

    /** For one producer: sets up a builder and gives back what it cannot take; the same objects for each builder. */
    Function<ProducerConfig.Builder, List<Violation>> of(
            ProducerInstance instance, ProducerProperties properties, ProducerConnectionDetails connection) {
        List<Violation> violations = new ArrayList<>();
        SecurityProtocol ofConnection = protocolOf(connection);
        TlsSource tls = ofConnection == null || ofConnection.usesTls()
                ? tls(properties.getSsl(), connection, violations)
                : null;
        Function<ProducerConfig.Builder, List<Violation>> authentication =
                ofConnection == null || ofConnection.usesSasl()
                        ? sasl.of(instance, properties.getSasl())
                        : builder -> List.of();
        return builder -> {
            List<Violation> all = new ArrayList<>(violations);
            applyProtocol(protocol(properties, connection), tls != null, properties.getSasl(), builder, all);
            applyTls(properties.getSsl(), tls, builder, all);
            all.addAll(authentication.apply(builder));
            return all;
        };
    }

    private @Nullable TlsSource tls(
            SslProperties properties, ProducerConnectionDetails connection, List<Violation> violations) {
        boolean isByProperties = connection instanceof PropertiesProducerConnectionDetails;
        SslBundle ofConnection = isByProperties ? null : connection.getSslBundle();
        if (ofConnection != null) {
            return SslBundleSources.fixed(ofConnection);
        }
        if (!StringUtils.hasText(properties.getBundle())) {
            return null;
        }
        String name = properties.getBundle().trim();
        SslBundleSource named = bundles.named(name, reload(properties.getReload(), violations));
        if (named == null) {
            violations.add(unknownBundle(BUNDLE, name, bundles.names()));
        }
        return named;
    }

    static Violation unknownBundle(String property, String name, List<String> known) {
        return new Violation(
                property,
                name,
                known.isEmpty()
                        ? "no SSL bundle with this name; there are none, define them under spring.ssl.bundle"
                        : "no SSL bundle with this name; known bundles: " + String.join(", ", known));
    }

    private static SslReload reload(@Nullable String text, List<Violation> violations) {
        try {
            return SslReload.parse(text);
        } catch (IllegalArgumentException refusal) {
            violations.add(new Violation(RELOAD, String.valueOf(text), String.valueOf(refusal.getMessage())));
            return SslReload.NONE;
        }
    }

    /**
     * What connection details other than the properties state; null if nothing. What it does without is left out, whatever the
     * properties say: they may be made for a cluster in production, and the details for a container.
     */
    private static @Nullable SecurityProtocol protocolOf(ProducerConnectionDetails connection) {
        String stated = connection.getSecurityProtocol();
        if (connection instanceof PropertiesProducerConnectionDetails || !StringUtils.hasText(stated)) {
            return null;
        }
        return Stream.of(SecurityProtocol.values())
                .filter(protocol -> protocol.name().equalsIgnoreCase(stated.trim()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String protocol(ProducerProperties properties, ProducerConnectionDetails connection) {
        String ofConnection = connection.getSecurityProtocol();
        return StringUtils.hasText(ofConnection)
                ? ofConnection
                : properties.getSecurity().getProtocol();
    }

    /** Not set, it follows from the bundle; without one, the engine refuses to authenticate unless it is told how. */
    private static void applyProtocol(
            @Nullable String protocol,
            boolean hasBundle,
            SaslProperties sasl,
            ProducerConfig.Builder builder,
            List<Violation> violations) {
        if (StringUtils.hasText(protocol)) {
            apply(Setting.SECURITY_PROTOCOL, protocol, SecurityProtocol::parse, builder::securityProtocol, violations);
        } else if (hasBundle) {
            boolean usesSasl = StringUtils.hasText(sasl.getMechanism());
            builder.securityProtocol(usesSasl ? SecurityProtocol.SASL_SSL : SecurityProtocol.SSL);
        }
    }

    private static void applyTls(
            SslProperties properties,
            @Nullable TlsSource tls,
            ProducerConfig.Builder builder,
            List<Violation> violations) {
        if (tls != null) {
            builder.tls(tls);
        }
        if (StringUtils.hasText(properties.getEndpointIdentification())) {
            apply(
                    Setting.TLS_ENDPOINT_IDENTIFICATION,
                    properties.getEndpointIdentification(),
                    EndpointIdentification::parse,
                    builder::tlsEndpointIdentification,
                    violations);
        }
    }

    private static <E> void apply(
            Setting setting, String text, Function<String, E> choices, Consumer<E> target, List<Violation> violations) {
        try {
            target.accept(choices.apply(text.trim()));
        } catch (IllegalArgumentException refusal) {
            violations.add(new Violation(setting.springName(), text, String.valueOf(refusal.getMessage())));
        }
    }
}
