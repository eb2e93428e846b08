package dev.millrace.devbroker;

import dev.millrace.devbroker.security.DevCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Users, permissions and certificates of a running {@link DevCluster}, for change while clients are connected. Orders go
 * through the plain listener. All methods may be called by any thread; a node that is down takes part when it is started
 * again, except for certificates.
 */
public final class DevSecurity {
    private final ClusterSettings settings;
    private final ClusterPorts ports;
    private final ClusterFiles files;
    private final BrokerRelease release;
    private final Set<Integer> nodes;
    private final Function<Duration, ClusterAdmin> admins;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    DevSecurity(
            ClusterSettings settings,
            ClusterPorts ports,
            ClusterFiles files,
            BrokerRelease release,
            Set<Integer> nodes,
            Function<Duration, ClusterAdmin> admins) {
        this.settings = settings;
        this.ports = ports;
        this.files = files;
        this.release = release;
        this.nodes = nodes;
        this.admins = admins;
    }

    /**
     * Adds a user of SCRAM or changes the password, and returns when every running node lets the user in, on a listener that
     * asks for no certificate. Who is connected stays so.
     *
     * @throws DevClusterException if the release has no API for it, which came with 2.7
     */
    public void setUser(DevMechanism mechanism, String user, String password) {
        release.requireScramApi();
        try (ClusterAdmin admin = admins.apply(TIMEOUT)) {
            admin.setScramUser(mechanism.scram(), user, password);
            admin.awaitTrue("user cannot log in: user=" + user + " mechanism=" + mechanism, () -> nodes.stream()
                    .allMatch(node -> logsIn(node, mechanism, user, password)));
        }
    }

    /** Removes a user of SCRAM; who is connected stays so until the end of the session. */
    public void removeUser(DevMechanism mechanism, String user) {
        release.requireScramApi();
        try (ClusterAdmin admin = admins.apply(TIMEOUT)) {
            admin.removeScramUser(mechanism.scram(), user);
        }
    }

    /**
     * Allows a user these operations on a resource, and returns when the cluster lists it.
     *
     * @param principal such as {@code alice}
     * @param name of the topic, group or transactional id; of the cluster it is {@code kafka-cluster}
     */
    public void allow(String principal, ResourceType resource, String name, AclOperation... operations) {
        try (ClusterAdmin admin = admins.apply(TIMEOUT)) {
            admin.createAcls(bindings(principal, resource, name, operations));
        }
    }

    /** Takes back what {@link #allow} gave, and returns when the cluster does not list it. */
    public void revoke(String principal, ResourceType resource, String name, AclOperation... operations) {
        try (ClusterAdmin admin = admins.apply(TIMEOUT)) {
            admin.deleteAcls(bindings(principal, resource, name, operations));
        }
    }

    /**
     * Gives all running nodes another certificate for a listener: handshakes from now on show it, connections that exist go on.
     * It needs the names of the one before, as all of {@code DevCertificates.broker()} have; brokers refuse others.
     */
    public void useCertificate(String listener, DevCertificate certificate) {
        changeStore(
                listener, SecurityProperties.KEY_STORE, SecurityProperties.writeKeyStore(files, listener, certificate));
    }

    /** Lets in clients with certificates of these authorities and of no others, from the next handshake on. */
    public void trustClients(String listener, DevCertificate... authorities) {
        changeStore(
                listener,
                SecurityProperties.TRUST_STORE,
                SecurityProperties.writeTrustStore(files, listener, List.of(authorities)));
    }

    /**
     * What a client without a name is configured with on a listener without SASL, in Kafka's names: addresses, protocol and,
     * with TLS, the authority to trust as PEM.
     */
    public Map<String, String> clientSettings(String listener) {
        DevListener secured = listener(listener);
        Map<String, String> client = new LinkedHashMap<>();
        client.put("bootstrap.servers", ports.bootstrapServers(listener));
        client.put("security.protocol", secured.protocol());
        secured.certificate().ifPresent(certificate -> {
            client.put("ssl.truststore.type", "PEM");
            client.put("ssl.truststore.certificates", certificate.authorityPem());
        });
        return client;
    }

    /** What a client with this certificate is configured with, in Kafka's names. */
    public Map<String, String> clientSettings(String listener, DevCertificate client) {
        Map<String, String> configured = clientSettings(listener);
        configured.put("ssl.keystore.type", "PEM");
        configured.put("ssl.keystore.key", client.keyPem());
        configured.put("ssl.keystore.certificate.chain", client.certificatePem());
        return configured;
    }

    /**
     * What a client that logs in is configured with, in Kafka's names.
     *
     * @param user with OAUTHBEARER and a token server the id of the client, without one the subject of an unsigned token
     * @param password ignored for unsigned tokens
     */
    public Map<String, String> clientSettings(String listener, DevMechanism mechanism, String user, String password) {
        Map<String, String> client = clientSettings(listener);
        client.put("sasl.mechanism", mechanism.wireName());
        if (mechanism != DevMechanism.OAUTHBEARER) {
            JaasValue jaas = mechanism.jaas().option("username", user).option("password", password);
            client.put("sasl.jaas.config", jaas.toString());
            return client;
        }
        listener(listener)
                .tokenServer()
                .ifPresentOrElse(
                        server -> {
                            JaasValue jaas =
                                    mechanism.jaas().option("clientId", user).option("clientSecret", password);
                            client.put("sasl.jaas.config", jaas.toString());
                            client.put(
                                    "sasl.oauthbearer.token.endpoint.url",
                                    server.tokenEndpoint().toString());
                            client.put(
                                    "sasl.login.callback.handler.class",
                                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
                        },
                        () -> client.put(
                                "sasl.jaas.config",
                                mechanism
                                        .jaas()
                                        .option("unsecuredLoginStringClaim_sub", user)
                                        .toString()));
        return client;
    }

    /** Gives the cluster the users of its builder, for the mechanisms of SCRAM that its listeners have. */
    void createUsers() {
        settings.listeners().values().stream()
                .flatMap(listener -> listener.mechanisms().stream())
                .filter(DevMechanism::isScram)
                .distinct()
                .forEach(mechanism ->
                        settings.access().users().forEach((user, password) -> setUser(mechanism, user, password)));
    }

    /** Whether a node lets the user in; also true where no listener can tell. */
    private boolean logsIn(int node, DevMechanism mechanism, String user, String password) {
        return settings.listeners().entrySet().stream()
                .filter(entry -> entry.getValue().mechanisms().contains(mechanism)
                        && entry.getValue().clientAuthorities().isEmpty())
                .findFirst()
                .map(entry -> {
                    Map<String, String> client = clientSettings(entry.getKey(), mechanism, user, password);
                    client.put("bootstrap.servers", ports.advertisedAddress(node, entry.getKey()));
                    return ClusterAdmin.logsIn(client);
                })
                .orElse(true);
    }

    private void changeStore(String listener, String setting, String file) {
        listener(listener);
        try (ClusterAdmin admin = admins.apply(TIMEOUT)) {
            nodes.forEach(node -> admin.changeSetting(node, SecurityProperties.prefix(listener) + setting, file));
        }
    }

    private DevListener listener(String name) {
        DevListener listener = settings.listeners().get(name);
        if (listener == null) {
            throw new IllegalArgumentException("unknown listener: " + name + "; this cluster has "
                    + settings.listeners().keySet());
        }
        return listener;
    }

    private static List<AclBinding> bindings(
            String principal, ResourceType resource, String name, AclOperation... operations) {
        ResourcePattern pattern = new ResourcePattern(resource, name, PatternType.LITERAL);
        List<AclBinding> bindings = new ArrayList<>();
        for (AclOperation operation : operations) {
            bindings.add(new AclBinding(
                    pattern, new AccessControlEntry("User:" + principal, "*", operation, AclPermissionType.ALLOW)));
        }
        return bindings;
    }
}
