package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevListener;
import dev.millrace.devbroker.DevMechanism;
import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.devbroker.security.DevTokenServer;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications that reach a real broker by properties only: with TLS, passwords and tokens, while bundles change. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecuredClusterIT {

    private static final DevCertificates AUTHORITY = DevCertificates.create();
    private static final DevCertificates NEXT_AUTHORITY = DevCertificates.create("next-authority");
    private static final DevTokenServer TOKENS = DevTokenServer.start().client("shop/1", "s3:cret & more");
    private static final DevCluster CLUSTER = DevCluster.builder()
            .startTimeout(Duration.ofMinutes(2))
            .user("alice", "wonder, \"land\"")
            .listener("TLS", DevListener.tls(AUTHORITY.broker()))
            .listener("WRONG", DevListener.tls(AUTHORITY.brokerFor("other.example")))
            .listener("CHANGING", DevListener.tls(AUTHORITY.broker()))
            .listener("SCRAM", DevListener.tls(AUTHORITY.broker()).sasl(DevMechanism.SCRAM_SHA_512))
            .listener("OAUTH", DevListener.tls(AUTHORITY.broker()).tokens(TOKENS))
            .start();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class, ProducerAutoConfiguration.class, NamedProducerAutoConfiguration.class))
            .withPropertyValues(
                    "spring.ssl.bundle.pem.shop.truststore.certificate="
                            + AUTHORITY.authority().certificatePem(),
                    "app.producer.ssl.bundle=shop");

    @BeforeAll
    static void clusterIsThere() {
        assertThat(CLUSTER.bootstrapServers("TLS")).isNotEmpty();
    }

    @AfterAll
    static void closeCluster() {
        CLUSTER.close();
        TOKENS.close();
    }

    @Test
    void reachesTheBrokerWithABundle() {
        with("TLS").run(context -> send(context, "by-bundle", 10));

        assertThat(read("by-bundle", 10)).hasSize(10);
    }

    @Test
    void refusesACertificateOfAnotherHostUnlessToldNotToLook() {
        with("WRONG").run(context -> assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> send(context, "by-name", 1))
                .satisfies(failure -> {
                    assertThat(chain(failure)).anyMatch(TlsHandshakeException.class::isInstance);
                    assertThat(chain(failure).toString()).contains("127.0.0.1");
                }));
        with("WRONG")
                .withPropertyValues("app.producer.ssl.endpoint-identification=none")
                .run(context -> send(context, "by-name", 1));

        assertThat(read("by-name", 1)).hasSize(1);
    }

    @Test
    void provesWhoItIsWithAPassword() {
        with("SCRAM")
                .withPropertyValues(
                        "app.producer.sasl.mechanism=SCRAM-SHA-512",
                        "app.producer.sasl.username=alice",
                        "app.producer.sasl.password=wonder, \"land\"")
                .run(context -> send(context, "by-password", 10));

        assertThat(read("by-password", 10)).hasSize(10);
    }

    @Test
    void tellsThatThePasswordIsWrongAndNotWhatItIs() {
        with("SCRAM")
                .withPropertyValues(
                        "app.producer.sasl.mechanism=SCRAM-SHA-512",
                        "app.producer.sasl.username=alice",
                        "app.producer.sasl.password=hidden-password")
                .run(context -> assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(() -> send(context, "never", 1))
                        .satisfies(failure -> {
                            assertThat(chain(failure)).anyMatch(AuthenticationException.class::isInstance);
                            assertThat(chain(failure).toString()).doesNotContain("hidden-password");
                        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post"})
    void getsTokensWithTheClientsCredentials(String authentication) {
        String topic = "by-token-" + authentication;
        int before = TOKENS.requests();
        with("OAUTH")
                .withPropertyValues(
                        "app.producer.sasl.mechanism=OAUTHBEARER",
                        "app.producer.sasl.oauth.token-uri=" + TOKENS.tokenEndpoint(),
                        "app.producer.sasl.oauth.client-id=shop/1",
                        "app.producer.sasl.oauth.client-secret=s3:cret & more",
                        "app.producer.sasl.oauth.client-authentication=" + authentication)
                .run(context -> send(context, topic, 10));

        assertThat(read(topic, 10)).hasSize(10);
        assertThat(TOKENS.requests()).isEqualTo(before + 1);
    }

    @Test
    void tellsThatTheTokenEndpointRefusesTheSecret() {
        with("OAUTH")
                .withPropertyValues(
                        "app.producer.sasl.mechanism=OAUTHBEARER",
                        "app.producer.sasl.oauth.token-uri=" + TOKENS.tokenEndpoint(),
                        "app.producer.sasl.oauth.client-id=shop/1",
                        "app.producer.sasl.oauth.client-secret=hidden-secret",
                        "app.producer.delivery-timeout=5s",
                        "app.producer.request-timeout=1s")
                .run(context -> assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(() -> send(context, "never", 1))
                        .satisfies(failure -> assertThat(chain(failure).toString())
                                .contains(
                                        "invalid_client", TOKENS.tokenEndpoint().toString())
                                .doesNotContain("hidden-secret")));
    }

    /** The broker's certificate changes to one of another authority, which the bundle trusts from then on. */
    @Test
    void takesAChangedBundleUpWithoutLosingARecordAndKeepsItIfTheNextIsBroken() {
        Connected connected = new Connected();
        AtomicInteger sent = new AtomicInteger(200);
        try (CapturedLog log = CapturedLog.of(SslBundleSource.class)) {
            with("CHANGING")
                    .withPropertyValues("app.producer.ssl.reload=recycle")
                    .withBean(ProducerObserver.class, () -> connected)
                    .run(context -> {
                        SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
                        send(context, "changing", 100);
                        int first = connected.count.get();
                        registry.updateBundle("shop", trusting(AUTHORITY, NEXT_AUTHORITY));
                        sent.addAndGet(sendUntil(context, () -> connected.count.get() > first));
                        CLUSTER.security().useCertificate("CHANGING", NEXT_AUTHORITY.broker());
                        int second = connected.count.get();
                        registry.updateBundle("shop", trusting(NEXT_AUTHORITY));
                        sent.addAndGet(sendUntil(context, () -> connected.count.get() > second));
                        int third = connected.count.get();
                        registry.updateBundle("shop", broken());
                        send(context, "changing", 100);
                        assertThat(log.lines())
                                .singleElement()
                                .asString()
                                .contains("The SSL bundle 'shop' has changed and cannot be used");
                        assertThat(connected.count).hasValue(third);
                    });
        } finally {
            CLUSTER.security().useCertificate("CHANGING", AUTHORITY.broker());
        }

        assertThat(read("changing", sent.get())).hasSize(sent.get());
    }

    @Test
    void usesAChangedBundleForNewConnectionsOnly() {
        Connected connected = new Connected();
        try {
            with("CHANGING")
                    .withPropertyValues("app.producer.connection.max-idle=8s")
                    .withBean(ProducerObserver.class, () -> connected)
                    .run(context -> {
                        send(context, "new-only", 10);
                        int first = connected.count.get();
                        context.getBean(SslBundleRegistry.class).updateBundle("shop", trusting(NEXT_AUTHORITY));
                        send(context, "new-only", 10);
                        assertThat(connected.count.get() == first || connected.idle.getCount() == 0)
                                .as("no other connection while the first is there")
                                .isTrue();
                        CLUSTER.security().useCertificate("CHANGING", NEXT_AUTHORITY.broker());
                        assertThat(connected.idle.await(60, TimeUnit.SECONDS)).isTrue();
                        send(context, "new-only", 10);
                        assertThat(connected.count).hasValueGreaterThan(first);
                    });
        } finally {
            CLUSTER.security().useCertificate("CHANGING", AUTHORITY.broker());
        }

        assertThat(read("new-only", 30)).hasSize(30);
    }

    private ApplicationContextRunner with(String listener) {
        return runner.withPropertyValues("app.producer.bootstrap-servers=" + CLUSTER.bootstrapServers(listener));
    }

    /** Records go on all the time; each is awaited, so none is lost if this returns. */
    private static int sendUntil(AssertableApplicationContext context, BooleanSupplier isDone) {
        int sent = 0;
        do {
            send(context, "changing", 50);
            sent += 50;
        } while (!isDone.getAsBoolean());
        return sent;
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static void send(AssertableApplicationContext context, String topic, int count) {
        ProducerTemplate<String, String> template = context.getBean("producerTemplate", ProducerTemplate.class);
        List<CompletableFuture<SendResult<String, String>>> sends = IntStream.range(0, count)
                .mapToObj(i -> template.send(topic, "value-" + i))
                .toList();
        sends.forEach(CompletableFuture::join);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }

    private static SslBundle trusting(DevCertificates... authorities) {
        StringBuilder certificates = new StringBuilder();
        for (DevCertificates each : authorities) {
            certificates.append(each.authority().certificatePem());
        }
        return SslBundle.of(new PemSslStoreBundle(
                null, PemSslStore.load(PemSslStoreDetails.forCertificate(certificates.toString()))));
    }

    /** The key of another certificate. */
    private static SslBundle broken() {
        DevCertificate one = NEXT_AUTHORITY.client("one");
        DevCertificate other = NEXT_AUTHORITY.client("other");
        return SslBundle.of(new PemSslStoreBundle(
                PemSslStore.load(
                        PemSslStoreDetails.forCertificate(one.certificatePem()).withPrivateKey(other.keyPem())),
                PemSslStore.load(PemSslStoreDetails.forCertificate(
                        NEXT_AUTHORITY.authority().certificatePem()))));
    }

    private static List<ConsumerRecord<String, String>> read(String topic, int count) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                CLUSTER.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "judge-" + topic,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            consumer.poll(Duration.ofMillis(200)).forEach(records::add); // and no more
        }
        return records;
    }

    /** Counts connections that came to be ready, and tells of the first that was closed. */
    private static final class Connected implements ProducerObserver {

        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch idle = new CountDownLatch(1);

        @Override
        public void onConnectionChanged(ConnectionChange change) {
            if (change.event() == ConnectionChange.Event.READY) {
                count.incrementAndGet();
            } else if (change.event() == ConnectionChange.Event.CLOSED) {
                idle.countDown();
            }
        }
    }
}
