package dev.millrace.devbroker;

import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevTokenServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a listener of a {@link DevCluster} is secured.
 *
 * <pre>{@code
 * DevCluster.builder()
 *         .user("alice", "secret")
 *         .listener("SASL", DevListener.plaintext().sasl(DevMechanism.PLAIN, DevMechanism.SCRAM_SHA_256))
 *         .listener("TLS", DevListener.tls(certificates.broker()))
 *         .listener("MTLS", DevListener.tls(certificates.broker()).clientCertificates(certificates.authority()))
 *         .start();
 * }</pre>
 *
 * <p>Mutable until the cluster is built; not for use by several threads.
 */
public final class DevListener {
    private final boolean encrypted;
    private final @Nullable DevCertificate certificate; // null: broker settings say it
    private final Set<DevMechanism> mechanisms = EnumSet.noneOf(DevMechanism.class);
    private final List<DevCertificate> clientAuthorities = new ArrayList<>();
    private boolean authenticated;
    private String principalRules = "";
    private @Nullable DevTokenServer tokenServer;
    private @Nullable Duration sessions;
    private String advertisedHost = ClusterPorts.HOST;

    private DevListener(boolean encrypted, @Nullable DevCertificate certificate) {
        this.encrypted = encrypted;
        this.certificate = certificate;
    }

    /** A listener without encryption. */
    public static DevListener plaintext() {
        return new DevListener(false, null);
    }

    /** A listener with TLS, on which every broker shows this certificate. */
    public static DevListener tls(DevCertificate certificate) {
        return new DevListener(true, certificate);
    }

    /** One that broker settings describe. */
    static DevListener ofProtocol(String securityProtocol) {
        DevListener listener = new DevListener(securityProtocol.endsWith("SSL"), null);
        listener.authenticated = securityProtocol.startsWith("SASL_");
        if (!listener.protocol().equals(securityProtocol)) {
            throw new IllegalArgumentException("security protocol " + securityProtocol
                    + " is none of PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL");
        }
        return listener;
    }

    /**
     * Clients must show a certificate of one of these authorities (mTLS). Their principal is the subject of the certificate,
     * such as {@code User:CN=alice}, if nobody logs in with SASL.
     */
    public DevListener clientCertificates(DevCertificate... authorities) {
        require(certificate != null, "clientCertificates needs a listener made by tls");
        clientAuthorities.addAll(List.of(authorities));
        return this;
    }

    /**
     * Maps subjects of clients' certificates to users; {@code RULE:^CN=([^,]+).*$/$1/,DEFAULT} takes the common name. From
     * release 2.2 on.
     *
     * @param rules a value of {@code ssl.principal.mapping.rules}
     */
    public DevListener principals(String rules) {
        principalRules = rules;
        return this;
    }

    /** Clients must log in with one of these; the users are the {@linkplain DevClusterBuilder#user cluster's}. */
    public DevListener sasl(DevMechanism... choice) {
        authenticated = true;
        mechanisms.addAll(List.of(choice));
        return this;
    }

    /**
     * Clients may log in with tokens of this server, which the brokers verify; from release 3.1 on. The server must run when
     * the brokers start.
     */
    public DevListener tokens(DevTokenServer server) {
        tokenServer = server;
        return sasl(DevMechanism.OAUTHBEARER);
    }

    /** How long a client may stay before it must log in again (KIP-368); default: for ever, or as long as its token. */
    public DevListener sessions(Duration atMost) {
        require(atMost.toMillis() > 0, "sessions=" + atMost + " is not positive");
        sessions = atMost;
        return this;
    }

    /** The host under which clients find the brokers, such as {@code localhost}; default 127.0.0.1, where it always listens. */
    public DevListener advertisedHost(String host) {
        advertisedHost = host;
        return this;
    }

    /** {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}. */
    public String protocol() {
        return authenticated ? (encrypted ? "SASL_SSL" : "SASL_PLAINTEXT") : encrypted ? "SSL" : "PLAINTEXT";
    }

    String advertisedHost() {
        return advertisedHost;
    }

    Optional<DevCertificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    List<DevCertificate> clientAuthorities() {
        return clientAuthorities;
    }

    String principalRules() {
        return principalRules;
    }

    Set<DevMechanism> mechanisms() {
        return mechanisms;
    }

    Optional<DevTokenServer> tokenServer() {
        return Optional.ofNullable(tokenServer);
    }

    Optional<Duration> sessions() {
        return Optional.ofNullable(sessions);
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
