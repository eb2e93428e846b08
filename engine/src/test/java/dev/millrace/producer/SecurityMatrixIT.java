package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import dev.millrace.devbroker.DevListener;
import dev.millrace.devbroker.DevMechanism;
import dev.millrace.devbroker.DevSecurity;
import dev.millrace.devbroker.junit.DevClusterExtension;
import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.devbroker.security.DevTokenServer;
import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way a cluster can be secured, with a client that is let in and one that is not; on brokers of any release. */
@Timeout(120)
class SecurityMatrixIT {

    private static final String USER = "alice";
    private static final String PASSWORD = "p,ä=s\"s\\w;ord";
    private static final String CLIENT_SECRET = "client secret";

    private static final DevCertificates CERTIFICATES = DevCertificates.create();
    private static final DevTokenServer TOKENS = DevTokenServer.start().client(USER, CLIENT_SECRET);

    @RegisterExtension
    static final DevClusterExtension CLUSTER = DevClusterExtension.of(builder());

    private final DevCluster cluster;
    private final DevSecurity security;

    SecurityMatrixIT(DevCluster cluster) {
        this.cluster = cluster;
        this.security = cluster.security();
    }

    private static DevClusterBuilder builder() {
        DevMechanism[] all = DevMechanism.values();
        DevClusterBuilder builder = DevCluster.builder()
                .user(USER, PASSWORD)
                .listener("TLS", tls())
                .listener(
                        "TLS_BY_NAME",
                        DevListener.tls(CERTIFICATES.brokerFor("localhost")).advertisedHost("localhost"))
                .listener("MTLS", tls().clientCertificates(CERTIFICATES.authority()))
                .listener("MTLS_CHANGING", tls().clientCertificates(CERTIFICATES.authority()))
                .listener("WRONG_HOST", DevListener.tls(CERTIFICATES.brokerFor("other.example", "192.0.2.1")))
                .listener("EXPIRED", DevListener.tls(CERTIFICATES.expiredBroker()))
                .listener("SASL", DevListener.plaintext().sasl(all))
                .listener("SASL_TLS", tls().sasl(all))
                .listener(
                        "SASL_MTLS",
                        tls().clientCertificates(CERTIFICATES.authority()).sasl(all))
                .listener("ONLY_SCRAM", DevListener.plaintext().sasl(DevMechanism.SCRAM_SHA_256));
        return verifiesTokens()
                ? builder.listener("TOKENS", DevListener.plaintext().tokens(TOKENS))
                        .listener("TOKENS_TLS", tls().tokens(TOKENS))
                : builder;
    }

    private static DevListener tls() {
        return DevListener.tls(CERTIFICATES.broker());
    }

    /** Brokers before 3.1 take tokens that nobody has signed, or a handler of the operator's own (KIP-768). */
    private static boolean verifiesTokens() {
        return !DevCluster.builder().release().matches("(2\\..*|3\\.0\\..*)");
    }

    @AfterAll
    static void stopTokens() {
        TOKENS.close();
    }

    @ParameterizedTest
    @Tag("row-115")
    @ValueSource(strings = {"TLS", "TLS_BY_NAME"})
    void connectsWithTls(String listener) throws Exception {
        assertDelivers(config(security.clientSettings(listener)));
    }

    @Test
    @Tag("row-115")
    void connectsWithAClientCertificate() throws Exception {
        assertDelivers(config(security.clientSettings("MTLS", CERTIFICATES.client(USER))));
    }

    @ParameterizedTest
    @Tag("row-113")
    @CsvSource({
        "SASL,PLAIN", "SASL,SCRAM_SHA_256", "SASL,SCRAM_SHA_512", "SASL,OAUTHBEARER",
        "SASL_TLS,PLAIN", "SASL_TLS,SCRAM_SHA_256", "SASL_TLS,SCRAM_SHA_512", "SASL_TLS,OAUTHBEARER"
    })
    void connectsWithSasl(String listener, DevMechanism mechanism) throws Exception {
        assertDelivers(config(security.clientSettings(listener, mechanism, USER, PASSWORD)));
    }

    @ParameterizedTest
    @Tag("row-113")
    @CsvSource({"PLAIN", "SCRAM_SHA_512"})
    void connectsWithAClientCertificateAndSasl(DevMechanism mechanism) throws Exception {
        Map<String, String> both = security.clientSettings("SASL_MTLS", CERTIFICATES.client(USER));
        both.putAll(security.clientSettings("SASL_MTLS", mechanism, USER, PASSWORD));
        assertDelivers(config(both));
    }

    @ParameterizedTest
    @Tag("row-113")
    @ValueSource(strings = {"TOKENS", "TOKENS_TLS"})
    void connectsWithTokensOfATokenServer(String listener) throws Exception {
        Assumptions.assumeTrue(verifiesTokens(), "brokers verify signed tokens");
        assertDelivers(config(listener, SecurityMatrixIT::askTokenServer));
    }

    @ParameterizedTest
    @Tag("row-113")
    @CsvSource({
        "SASL,PLAIN", "SASL,SCRAM_SHA_256", "SASL,SCRAM_SHA_512",
        "SASL_TLS,PLAIN", "SASL_TLS,SCRAM_SHA_256", "SASL_TLS,SCRAM_SHA_512"
    })
    void refusesAWrongPasswordAndAnUnknownUser(String listener, DevMechanism mechanism) {
        assertRefused(
                config(security.clientSettings(listener, mechanism, USER, "hunter2hunter2")),
                SaslAuthenticationException.class,
                "SASL_AUTHENTICATION_FAILED",
                mechanism.wireName());
        assertRefused(
                config(security.clientSettings(listener, mechanism, "nobody", PASSWORD)),
                SaslAuthenticationException.class,
                "SASL_AUTHENTICATION_FAILED");
    }

    @Test
    @Tag("row-113")
    void refusesAMechanismThatIsNotSwitchedOn() {
        assertRefused(
                config(security.clientSettings("ONLY_SCRAM", DevMechanism.PLAIN, USER, PASSWORD)),
                SaslAuthenticationException.class,
                "UNSUPPORTED_SASL_MECHANISM",
                "SCRAM-SHA-256");
    }

    @Test
    @Tag("row-113")
    void refusesTokensThatAreUnsignedExpiredOrOfAnotherServer() {
        Assumptions.assumeTrue(verifiesTokens(), "brokers verify signed tokens");
        Instant later = Instant.now().plus(Duration.ofHours(1));
        String expired = TOKENS.issue(USER, Duration.ofMinutes(-10));
        assertRefused(config("TOKENS", () -> Token.of(expired, later)), SaslAuthenticationException.class);
        try (DevTokenServer other = DevTokenServer.start()) {
            String foreign = other.issue(USER, Duration.ofHours(1));
            assertRefused(config("TOKENS", () -> Token.of(foreign, later)), SaslAuthenticationException.class);
        }
        Map<String, String> unsigned = security.clientSettings("SASL", DevMechanism.OAUTHBEARER, USER, "");
        unsigned.put("bootstrap.servers", cluster.bootstrapServers("TOKENS"));
        assertRefused(config(unsigned), SaslAuthenticationException.class);
    }

    @Test
    @Tag("row-115")
    void refusesABrokerOfAnAuthorityItDoesNotTrust() {
        Map<String, String> stranger = security.clientSettings("TLS");
        stranger.put(
                "ssl.truststore.certificates",
                DevCertificates.create("another").authority().authorityPem());
        assertRefused(config(stranger), TlsHandshakeException.class, "authority");
    }

    @Test
    @Tag("row-115")
    void refusesABrokerWithAnotherName() throws Exception {
        Map<String, String> client = security.clientSettings("WRONG_HOST");
        assertRefused(config(client), TlsHandshakeException.class, "127.0.0.1");

        client.put("ssl.endpoint.identification.algorithm", "");
        assertDelivers(config(client));
    }

    @Test
    @Tag("row-115")
    void refusesABrokerWhoseCertificateHasExpired() {
        assertRefused(config(security.clientSettings("EXPIRED")), TlsHandshakeException.class, "not valid now");
    }

    @Test
    @Tag("row-115")
    void isRefusedWithoutACertificateThatTheBrokerTrusts() {
        assertRefused(config(security.clientSettings("MTLS")), TlsHandshakeException.class, "certificate");
        for (DevCertificate wrong :
                List.of(DevCertificates.create("another").client(USER), CERTIFICATES.expiredClient(USER))) {
            assertRefused(config(security.clientSettings("MTLS", wrong)), TlsHandshakeException.class);
        }
    }

    @Test
    @Tag("row-115")
    void isRefusedOnceTheTrustInItsAuthorityIsRevoked() throws Exception {
        ProducerConfig client = config(security.clientSettings("MTLS_CHANGING", CERTIFICATES.client(USER)));
        assertDelivers(client);

        security.trustClients("MTLS_CHANGING", DevCertificates.create("another").authority());

        assertRefused(client, TlsHandshakeException.class);
    }

    @Test
    @Tag("row-115")
    void saysThatAListenerSpeaksNoTls() {
        Map<String, String> client = security.clientSettings("TLS");
        client.put("bootstrap.servers", cluster.bootstrapServers());
        try (Producer<String, String> producer = open(client(client, Map.of("max.block.ms", "5000")))) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            producer.send(new ProducerRecord<>("any", "value")).get(20, TimeUnit.SECONDS))
                    .satisfies(failure -> assertThat(failure.getMessage()).containsIgnoringCase("protocol"));
        }
    }

    private void assertDelivers(ProducerConfig config) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = open(config)) {
            for (String value : Clients.values(3)) {
                Clients.get(producer.send(new ProducerRecord<>(topic, value)));
            }
        }
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(Clients.values(3));
    }

    /** At once, not after the time-outs; in words that hold what they should and no secret. */
    private static void assertRefused(
            ProducerConfig config, Class<? extends AuthenticationException> reason, String... words) {
        try (Producer<String, String> producer = open(config)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            producer.send(new ProducerRecord<>("any", "value")).get(15, TimeUnit.SECONDS))
                    .withCauseInstanceOf(AuthenticationException.class)
                    .satisfies(failure -> assertThat(failure)
                            .satisfiesAnyOf(
                                    each -> assertThat(each).hasCauseInstanceOf(reason),
                                    each -> assertThat(each.getCause()).hasCauseInstanceOf(reason)))
                    .satisfies(failure -> {
                        List.of(words).forEach(each -> assertThat(failure.getMessage())
                                .contains(each));
                        assertThat(failure.getMessage()).doesNotContain(PASSWORD, "hunter2hunter2");
                    });
        }
    }

    private static Producer<String, String> open(ProducerConfig config) {
        return Producers.open(config, Serializers.string(), Serializers.string());
    }

    private static ProducerConfig config(Map<String, String> properties) {
        return client(properties, Map.of());
    }

    private ProducerConfig config(String listener, TokenSupplier tokens) {
        Map<String, String> properties = security.clientSettings(listener);
        return client(properties, Map.of("sasl.mechanism", "OAUTHBEARER", "sasl.login.callback.handler.class", tokens));
    }

    private static ProducerConfig client(Map<String, String> properties, Map<String, Object> more) {
        Map<String, @Nullable Object> all = new HashMap<>(properties);
        all.putAll(more);
        ProducerSettings<String, String> settings =
                KafkaPropertyNames.read(all, Serializers.string(), Serializers.string());
        return settings.config();
    }

    private static Token askTokenServer() throws Exception {
        return TokenClient.ask(TOKENS.tokenEndpoint(), USER, CLIENT_SECRET);
    }
}
