package dev.millrace.devbroker;

import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.devbroker.security.DevTokenServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders what {@code server.properties} says about secured listeners and access; writes the stores it names. */
final class SecurityProperties {
    /** Of every store: a change of the store is then a change of one setting, its place. */
    static final String STORE_PASSWORD = "dev-broker";

    static final String KEY_STORE = "ssl.keystore.location";
    static final String TRUST_STORE = "ssl.truststore.location";
    private static final String STORE_TYPE = "PKCS12";

    private SecurityProperties() {}

    /** The same on all nodes. */
    static Map<String, String> render(ClusterSettings settings, BrokerRelease release, ClusterFiles files) {
        Map<String, String> properties = new TreeMap<>();
        settings.listeners().forEach((name, listener) -> {
            String prefix = prefix(name);
            listener.certificate().ifPresent(certificate -> {
                addTls(properties, prefix, listener);
                properties.put(prefix + KEY_STORE, writeKeyStore(files, name, certificate));
                properties.put(prefix + TRUST_STORE, writeTrustStore(files, name, trusted(listener, certificate)));
            });
            addSasl(properties, prefix, listener, settings.access(), release);
        });
        if (release.needsZooKeeper() && !settings.listeners().isEmpty()) {
            properties.put("password.encoder.secret", STORE_PASSWORD); // else it takes no password while it runs
        }
        if (settings.access().acls()) {
            // Brokers and controllers talk to each other on the plain listeners.
            String superUsers = Stream.concat(Stream.of("ANONYMOUS"), settings.access().superUsers().stream())
                    .map(name -> "User:" + name)
                    .collect(Collectors.joining(";"));
            properties.put("authorizer.class.name", release.authorizer());
            properties.put("super.users", superUsers);
        }
        return properties;
    }

    /** Of the settings of one listener. */
    static String prefix(String listener) {
        return "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
    }

    static String writeKeyStore(ClusterFiles files, String listener, DevCertificate certificate) {
        Path file = files.newStore(listener + "-key");
        certificate.writeKeyStore(file, STORE_TYPE, STORE_PASSWORD);
        return file.toString();
    }

    static String writeTrustStore(ClusterFiles files, String listener, List<DevCertificate> authorities) {
        Path file = files.newStore(listener + "-trust");
        DevCertificates.writeTrustStore(file, STORE_TYPE, STORE_PASSWORD, authorities.toArray(DevCertificate[]::new));
        return file.toString();
    }

    /** Without clients' certificates too: a broker that started without a trust store takes none while it runs. */
    private static List<DevCertificate> trusted(DevListener listener, DevCertificate certificate) {
        return listener.clientAuthorities().isEmpty() ? List.of(certificate) : listener.clientAuthorities();
    }

    private static void addTls(Map<String, String> properties, String prefix, DevListener listener) {
        properties.put(prefix + "ssl.keystore.type", STORE_TYPE);
        properties.put(prefix + "ssl.keystore.password", STORE_PASSWORD);
        properties.put(prefix + "ssl.key.password", STORE_PASSWORD);
        properties.put(prefix + "ssl.truststore.type", STORE_TYPE);
        properties.put(prefix + "ssl.truststore.password", STORE_PASSWORD);
        properties.put(prefix + "ssl.client.auth", listener.clientAuthorities().isEmpty() ? "none" : "required");
        if (!listener.principalRules().isEmpty()) {
            properties.put(prefix + "ssl.principal.mapping.rules", listener.principalRules());
        }
    }

    private static void addSasl(
            Map<String, String> properties,
            String prefix,
            DevListener listener,
            ClusterAccess access,
            BrokerRelease release) {
        if (listener.mechanisms().isEmpty()) {
            return;
        }
        properties.put(
                prefix + "sasl.enabled.mechanisms",
                listener.mechanisms().stream().map(DevMechanism::wireName).collect(Collectors.joining(",")));
        for (DevMechanism mechanism : listener.mechanisms()) {
            String own = prefix + mechanism.inSettings() + ".";
            JaasValue jaas = mechanism.jaas();
            if (mechanism == DevMechanism.PLAIN) {
                jaas.users(access.users());
            }
            properties.put(own + "sasl.jaas.config", jaas.toString());
            listener.sessions()
                    .ifPresent(atMost ->
                            properties.put(own + "connections.max.reauth.ms", Long.toString(atMost.toMillis())));
            if (mechanism == DevMechanism.OAUTHBEARER) {
                listener.tokenServer()
                        .ifPresent(server -> addTokens(properties, prefix, own, server, release.tokenValidator()));
            }
        }
    }

    private static void addTokens(
            Map<String, String> properties, String prefix, String own, DevTokenServer server, String validator) {
        properties.put(own + "sasl.server.callback.handler.class", validator);
        properties.put(
                prefix + "sasl.oauthbearer.jwks.endpoint.url",
                server.keysEndpoint().toString());
        properties.put(prefix + "sasl.oauthbearer.expected.issuer", server.issuer());
        properties.put(prefix + "sasl.oauthbearer.expected.audience", server.audience());
    }
}
