package dev.millrace.producer;

import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.security.TestPki.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.security.TestPki;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker with TLS listeners, one of which wants certificates of its clients. */
@Timeout(180)
class TlsIT {

    private static final String TLS = "TLS";
    private static final String MUTUAL = "MUTUAL";
    private static final Duration CHECKS = Duration.ofMillis(100);

    private static Path directory;

    private static X509Bundle authority;
    private static X509Bundle client;
    private static DevCluster cluster;

    @BeforeAll
    static void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        authority = TestPki.authority("ca");
        client = TestPki.client(authority);
        Path keys = store("server.p12", TestPki.keyStore("PKCS12", TestPki.server(authority)));
        Path trust = store("ca.p12", TestPki.trustStore("PKCS12", authority));
        cluster = DevCluster.builder()
                .listener(TLS, "SSL")
                .listener(MUTUAL, "SSL")
                .brokerSetting("ssl.keystore.location", keys.toString())
                .brokerSetting("ssl.keystore.password", PASSWORD)
                .brokerSetting("ssl.keystore.type", "PKCS12")
                .brokerSetting("ssl.truststore.location", trust.toString())
                .brokerSetting("ssl.truststore.password", PASSWORD)
                .brokerSetting("ssl.truststore.type", "PKCS12")
                .brokerSetting("listener.name.mutual.ssl.client.auth", "required")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Path store(String name, KeyStore store) throws Exception {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static ProducerConfig.Builder config(String listener, TlsSource source) {
        return ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers(listener))
                .tls(source);
    }

    private static TlsSource trusting(X509Bundle trusted) {
        return TlsSources.builder().trustPem(trusted.getCertificatePEM()).build();
    }

    private static void expectDelivery(ProducerConfig.Builder config) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = openText(config)) {
            assertThat(get(producer.send(new ProducerRecord<>(topic, "value"))).offset())
                    .isZero();
        }
        assertThat(Reference.readValues(cluster, topic)).containsExactly("value");
    }

    private static Throwable failureOf(ProducerConfig.Builder config) {
        try (Producer<String, String> producer = openText(config)) {
            CompletableFuture<RecordMetadata> sent = producer.send(new ProducerRecord<>("orders", "value"));
            return sent.handle((where, failure) -> failure)
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
    }

    @Test
    @Tag("row-115")
    void deliversOverTls() throws Exception {
        expectDelivery(config(TLS, trusting(authority)));
    }

    @Test
    @Tag("row-115")
    void provesItselfWithStoresAndPem() throws Exception {
        for (String type : List.of("PKCS12", "JKS")) {
            expectDelivery(config(
                    MUTUAL,
                    TlsSources.builder()
                            .keyStore(store("client." + type, TestPki.keyStore(type, client)), type, PASSWORD)
                            .trustStore(store("trust." + type, TestPki.trustStore(type, authority)), type, PASSWORD)
                            .build()));
        }
        expectDelivery(config(
                MUTUAL,
                TlsSources.builder()
                        .keyPem(
                                TestPki.encryptedKeyPem(client, "PBEWithHmacSHA256AndAES_256"),
                                client.getCertificatePathPEM())
                        .keyPassword(PASSWORD)
                        .trustPem(authority.getCertificatePEM())
                        .build()));
    }

    @Test
    @Tag("row-115")
    void saysThatTheAuthorityIsNotTrustedAndFailsQuickly() throws Exception {
        long began = System.nanoTime();

        assertThat(failureOf(config(TLS, trusting(TestPki.authority("other")))))
                .isInstanceOf(TlsHandshakeException.class)
                .hasMessageContaining("the broker's certificate is not trusted");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    @Tag("row-115")
    void saysThatTheBrokerWantsACertificate() {
        assertThat(failureOf(config(MUTUAL, trusting(authority)).maxBlock(Duration.ofSeconds(20))))
                .isInstanceOf(TlsHandshakeException.class)
                .hasMessageContaining("certificate of the client")
                .hasMessageContaining("ssl.keystore.location");
    }

    @Test
    @Tag("row-115")
    void saysThatTheListenerHasNoTls() {
        ProducerConfig.Builder config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .tls(trusting(authority))
                .maxBlock(Duration.ofSeconds(3));

        assertThat(failureOf(config))
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("a listener without TLS: check its port and app.producer.security.protocol");
    }

    @Test
    @Tag("row-115")
    void saysThatTheListenerHasTls() {
        ProducerConfig.Builder config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers(TLS))
                .securityProtocol(SecurityProtocol.PLAINTEXT)
                .maxBlock(Duration.ofSeconds(3));

        assertThat(failureOf(config))
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageMatching("(?s).*(speaks TLS here|another security protocol).*");
    }

    @Test
    @Tag("row-116")
    void aKeyStoreThatCannotBeReadLeavesNothingBehind() {
        ProducerConfig.Builder config = config(
                        TLS,
                        TlsSources.builder()
                                .keyStore(directory.resolve("missing.p12"), "PKCS12", PASSWORD)
                                .build())
                .clientId("no-keys");

        assertThatThrownBy(() -> openText(config).close())
                .hasMessageContaining("missing.p12 of type PKCS12 does not exist");
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("no-keys")
                        || thread.getName().startsWith("millrace-tls-files"))); // nor any that other tests are ending
    }

    /** First the client trusts both authorities, then the broker changes, then the old authority is gone. */
    @Test
    @Tag("row-115")
    void aNewAuthorityIsUsedWhileRecordsFlow() throws Exception {
        X509Bundle next = TestPki.authority("next");
        Path trusted = Files.writeString(directory.resolve("rotated.pem"), authority.getCertificatePEM());
        TlsSource source =
                TlsSources.builder().trustPem(trusted).checkInterval(CHECKS).build();
        String topic = Reference.newTopic(cluster, 3);
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (CapturedLog log = CapturedLog.open();
                Producer<String, String> producer = openText(config(TLS, source).clientId("rotating"))) {
            sendUntil(() -> sent.size() >= 20, producer, topic, sent);
            replace(trusted, authority.getCertificatePEM() + next.getCertificatePEM());
            sendUntil(() -> renewals(log) == 1, producer, topic, sent);
            useServerKeys(store("next.p12", TestPki.keyStore("PKCS12", TestPki.server(next))));
            replace(trusted, next.getCertificatePEM());
            sendUntil(() -> renewals(log) == 2, producer, topic, sent);
            assertThat(producer.close(Duration.ofSeconds(30)).undelivered()).isEmpty();
            expectDelivery(config(TLS, trusting(next)));
        } finally {
            useServerKeys(directory.resolve("server.p12"));
        }
        assertThat(Reference.readValues(cluster, topic)).hasSameSizeAs(sent).doesNotHaveDuplicates();
    }

    private static long renewals(CapturedLog log) {
        return log.lines().stream()
                .filter(line -> line.contains("[producer=rotating] connections renewed: count=2"))
                .count();
    }

    private static void sendUntil(
            BooleanSupplier end,
            Producer<String, String> producer,
            String topic,
            List<CompletableFuture<RecordMetadata>> sent)
            throws Exception {
        while (!end.getAsBoolean()) {
            CompletableFuture<RecordMetadata> each = producer.send(new ProducerRecord<>(topic, "value-" + sent.size()));
            sent.add(each);
            get(each); // the pace is the broker's
        }
    }

    /** As an operator's tools do it: never half a file. */
    private static void replace(Path file, String content) throws Exception {
        Path fresh = Files.writeString(directory.resolve("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void useServerKeys(Path store) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            String node = String.valueOf(
                    admin.describeCluster().nodes().get().iterator().next().id());
            String prefix = "listener.name.tls.ssl.keystore.";
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.BROKER, node),
                            List.of(
                                    set(prefix + "location", store.toString()),
                                    set(prefix + "password", PASSWORD),
                                    set(prefix + "type", "PKCS12"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }
}
