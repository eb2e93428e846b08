package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.junit.DevClusterExtension;
import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.devbroker.security.DevTokenServer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference client judges each secured listener: it connects as it should, and is refused as it should. */
@Timeout(120)
class SecuredListenersIT {
    private static final String ODD_PASSWORD = "p\"a;s=s\\w'o,r d\tü€";
    private static final DevCertificates CERTIFICATES = DevCertificates.create();
    private static final DevTokenServer TOKENS = DevTokenServer.start().client("service", "s%cr+t");

    @RegisterExtension
    static final DevClusterExtension CLUSTER = DevClusterExtension.of(builder());

    private final DevCluster cluster;
    private final String topic = Kafka.newTopic();

    SecuredListenersIT(DevCluster cluster) {
        this.cluster = cluster;
    }

    @AfterAll
    static void stopTokens() {
        TOKENS.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = DevMechanism.class,
            names = {"PLAIN", "SCRAM_SHA_256", "SCRAM_SHA_512"})
    void letsUsersInWithAnyPassword(DevMechanism mechanism) throws Exception {
        for (String listener : new String[] {"SASL", "SASL_TLS"}) {
            send(cluster.security().clientSettings(listener, mechanism, "alice", ODD_PASSWORD));
            assertRefused(
                    cluster.security().clientSettings(listener, mechanism, "alice", "wrong"),
                    SaslAuthenticationException.class);
            assertRefused(
                    cluster.security().clientSettings(listener, mechanism, "nobody", "x"),
                    SaslAuthenticationException.class);
        }
    }

    @Test
    void letsUnsignedTokensInWithoutATokenServer() throws Exception {
        send(cluster.security().clientSettings("SASL", DevMechanism.OAUTHBEARER, "alice", ""));
        send(cluster.security().clientSettings("SASL_TLS", DevMechanism.OAUTHBEARER, "alice", ""));
    }

    @Test
    void refusesAMechanismThatIsNotSwitchedOn() {
        assertRefused(
                cluster.security().clientSettings("ONLY_SCRAM", DevMechanism.PLAIN, "alice", ODD_PASSWORD),
                UnsupportedSaslMechanismException.class);
    }

    @Test
    void changesAndRemovesUsersWhileItRuns() throws Exception {
        DevSecurity security = cluster.security();
        Map<String, String> before = security.clientSettings("SASL", DevMechanism.SCRAM_SHA_256, "bob", "one");
        Map<String, String> after = security.clientSettings("SASL", DevMechanism.SCRAM_SHA_256, "bob", "two");
        security.setUser(DevMechanism.SCRAM_SHA_256, "bob", "one");
        send(before);

        security.setUser(DevMechanism.SCRAM_SHA_256, "bob", "two");
        send(after);
        assertRefused(before, SaslAuthenticationException.class);

        security.removeUser(DevMechanism.SCRAM_SHA_256, "bob");
        await().atMost(Duration.ofSeconds(10)).until(() -> !ClusterAdmin.logsIn(after));
    }

    @Test
    void verifiesTokensOfTheTokenServer() throws Exception {
        Assumptions.assumeTrue(hasTokens(), "release verifies signed tokens");
        System.setProperty(
                "org.apache.kafka.sasl.oauthbearer.allowed.urls",
                TOKENS.tokenEndpoint().toString());
        DevSecurity security = cluster.security();

        send(security.clientSettings("TOKENS", DevMechanism.OAUTHBEARER, "service", "s%cr+t"));

        Map<String, String> unsigned = security.clientSettings("TOKENS", DevMechanism.OAUTHBEARER, "service", "");
        unsigned.putAll(Map.of(
                SaslConfigs.SASL_JAAS_CONFIG,
                DevMechanism.OAUTHBEARER
                        .jaas()
                        .option("unsecuredLoginStringClaim_sub", "service")
                        .toString()));
        unsigned.remove(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS);
        assertRefused(unsigned, SaslAuthenticationException.class);
    }

    @Test
    void showsACertificateForItsAddresses() throws Exception {
        send(cluster.security().clientSettings("TLS"));
        assertThat(cluster.bootstrapServers("NAMED")).startsWith("localhost:");
        send(cluster.security().clientSettings("NAMED"));

        Map<String, String> stranger = cluster.security().clientSettings("TLS");
        stranger.put(
                "ssl.truststore.certificates",
                DevCertificates.create().authority().authorityPem());
        assertRefused(stranger, SslAuthenticationException.class);
    }

    @Test
    void showsWrongAndExpiredCertificates() throws Exception {
        assertRefused(cluster.security().clientSettings("WRONG_HOST"), SslAuthenticationException.class);
        assertRefused(cluster.security().clientSettings("EXPIRED"), SslAuthenticationException.class);

        Map<String, String> careless = cluster.security().clientSettings("WRONG_HOST");
        careless.put("ssl.endpoint.identification.algorithm", "");
        send(careless);
    }

    @Test
    void letsInClientsWithACertificateOnly() throws Exception {
        DevSecurity security = cluster.security();

        send(security.clientSettings("MTLS", CERTIFICATES.client("carol")));

        assertRefused(security.clientSettings("MTLS"), SslAuthenticationException.class);
        assertRefused(
                security.clientSettings("MTLS", DevCertificates.create().client("carol")),
                SslAuthenticationException.class);
        assertRefused(
                security.clientSettings("MTLS", CERTIFICATES.expiredClient("carol")), SslAuthenticationException.class);
    }

    @Test
    void letsInCertificatesOfAnotherAuthorityOnceItTrustsIt() throws Exception {
        DevCertificates other = DevCertificates.create("another-authority");
        Map<String, String> client = cluster.security().clientSettings("MTLS_CHANGING", other.client("carol"));
        assertRefused(client, SslAuthenticationException.class);

        cluster.security().trustClients("MTLS_CHANGING", CERTIFICATES.authority(), other.authority());
        send(client);

        cluster.security().trustClients("MTLS_CHANGING", other.authority());
        assertRefused(
                cluster.security().clientSettings("MTLS_CHANGING", CERTIFICATES.client("carol")),
                SslAuthenticationException.class);
    }

    @Test
    void changesItsCertificateWhileItRuns() throws Exception {
        DevCertificates other = DevCertificates.create("another-authority");
        DevCertificate next = other.broker();
        Map<String, String> trusting = cluster.security().clientSettings("CHANGING");
        send(trusting);

        cluster.security().useCertificate("CHANGING", next);

        assertThat(shown("CHANGING")).isEqualTo(next.certificate());
        trusting.put("ssl.truststore.certificates", next.authorityPem());
        send(trusting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void readsStoresOfBothTypes(String type, @TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys");
        Path trust = directory.resolve("trust");
        DevCertificate certificate = CERTIFICATES.client("carol");
        certificate.writeKeyStore(keys, type, "secret");
        certificate.writeTrustStore(trust, type, "secret");
        Map<String, String> client = cluster.security().clientSettings("MTLS");
        client.remove("ssl.truststore.certificates");
        client.putAll(Map.of(
                "ssl.truststore.type",
                type,
                "ssl.truststore.location",
                trust.toString(),
                "ssl.truststore.password",
                "secret",
                "ssl.keystore.type",
                type,
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                "secret",
                "ssl.key.password",
                "secret"));

        send(client);
    }

    @Test
    void allowsNothingButWhatWasAllowed() throws Exception {
        DevSecurity security = cluster.security();
        Map<String, String> alice = security.clientSettings("SASL", DevMechanism.PLAIN, "alice", ODD_PASSWORD);
        Map<String, String> carol = security.clientSettings("MTLS", CERTIFICATES.client("carol"));
        cluster.createTopic(topic, 1, 1, Map.of());
        send(alice, topic); // may do everything
        security.allow("carol", ResourceType.CLUSTER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE);

        assertThatThrownBy(() -> send(carol, topic))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        security.allow("carol", ResourceType.TOPIC, topic, AclOperation.WRITE, AclOperation.DESCRIBE);
        send(carol, topic);
        security.revoke("carol", ResourceType.TOPIC, topic, AclOperation.WRITE);
        assertThatThrownBy(() -> send(carol, topic)).hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void asksForASecondLoginWhenASessionIsOver() throws Exception {
        Map<String, Object> client =
                new HashMap<>(cluster.security().clientSettings("SESSIONS", DevMechanism.PLAIN, "alice", ODD_PASSWORD));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                producer.send(new ProducerRecord<>("sessions", "x")).get(20, TimeUnit.SECONDS);
                return producer.metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("successful-reauthentication-total"))
                        .anyMatch(metric -> (double) metric.metricValue() > 0);
            });
        }
    }

    private static DevClusterBuilder builder() {
        DevMechanism[] withoutServer = DevMechanism.values();
        DevClusterBuilder cluster = DevCluster.builder()
                .user("alice", ODD_PASSWORD)
                .acls("alice")
                .listener("TLS", DevListener.tls(CERTIFICATES.broker()))
                .listener(
                        "NAMED",
                        DevListener.tls(CERTIFICATES.brokerFor("localhost")).advertisedHost("localhost"))
                .listener("WRONG_HOST", DevListener.tls(CERTIFICATES.brokerFor("other.example", "192.0.2.1")))
                .listener("EXPIRED", DevListener.tls(CERTIFICATES.expiredBroker()))
                .listener("CHANGING", DevListener.tls(CERTIFICATES.broker()))
                .listener("MTLS", mutual())
                .listener("MTLS_CHANGING", mutual())
                .listener("SASL", DevListener.plaintext().sasl(withoutServer))
                .listener("SASL_TLS", DevListener.tls(CERTIFICATES.broker()).sasl(withoutServer))
                .listener("ONLY_SCRAM", DevListener.plaintext().sasl(DevMechanism.SCRAM_SHA_256))
                .listener(
                        "SESSIONS",
                        DevListener.plaintext().sasl(DevMechanism.PLAIN).sessions(Duration.ofSeconds(2)));
        return hasTokens() ? cluster.listener("TOKENS", DevListener.plaintext().tokens(TOKENS)) : cluster;
    }

    private static DevListener mutual() {
        return DevListener.tls(CERTIFICATES.broker())
                .clientCertificates(CERTIFICATES.authority())
                .principals("RULE:^CN=([^,]+).*$/$1/,DEFAULT");
    }

    private static boolean hasTokens() {
        return !DevCluster.builder().release().startsWith("2.");
    }

    /** Access control lets everybody connect; that is what is asked here. */
    private static void send(Map<String, String> client) throws Exception {
        try (Admin admin = admin(client)) {
            assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                    .hasSize(1);
        }
    }

    private static void send(Map<String, String> client, String topic) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                new HashMap<String, Object>(client), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "x")).get(20, TimeUnit.SECONDS);
        }
    }

    private static void assertRefused(Map<String, String> client, Class<? extends AuthenticationException> expected) {
        try (Admin admin = admin(client)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                    .satisfiesAnyOf(
                            failure -> assertThat(failure).hasCauseInstanceOf(expected),
                            failure -> assertThat(failure.getCause()).hasRootCauseInstanceOf(expected));
        } catch (KafkaException atOnce) {
            assertThat(atOnce).hasRootCauseInstanceOf(expected);
        }
    }

    private static Admin admin(Map<String, String> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("default.api.timeout.ms", 15_000);
        settings.put("request.timeout.ms", 10_000);
        return Admin.create(settings);
    }

    private X509Certificate shown(String listener) throws Exception {
        return TlsProbe.shownBy(cluster.bootstrapServers(listener));
    }
}
