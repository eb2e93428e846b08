package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.internal.ChangingCredentials;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real broker believes the client, or does not. */
@Timeout(120)
class SaslIT {

    private static final String SECURITY = "org.apache.kafka.common.security.";
    private static final String PASSWORD = "p,ä=s\"s\\w;ord";
    private static final int ITERATIONS = 4096;

    private static final DevCluster CLUSTER =
            secured("SHORT", "2000", secured("SAFE", "0", DevCluster.builder())).build();

    private static DevClusterBuilder secured(String listener, String sessionMillis, DevClusterBuilder builder) {
        String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
        builder.listener(listener, "SASL_PLAINTEXT")
                .brokerSetting(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER")
                .brokerSetting(
                        prefix + "plain.sasl.jaas.config",
                        SECURITY + "plain.PlainLoginModule required user_me=\"" + escaped(PASSWORD)
                                + "\" user_other=\"x\";")
                .brokerSetting(prefix + "scram-sha-256.sasl.jaas.config", SECURITY + "scram.ScramLoginModule required;")
                .brokerSetting(prefix + "scram-sha-512.sasl.jaas.config", SECURITY + "scram.ScramLoginModule required;")
                .brokerSetting(
                        prefix + "oauthbearer.sasl.jaas.config",
                        SECURITY
                                + "oauthbearer.OAuthBearerLoginModule required"
                                + " unsecuredLoginStringClaim_sub=\"broker\";");
        for (String mechanism : List.of("plain", "scram-sha-256", "scram-sha-512", "oauthbearer")) {
            builder.brokerSetting(prefix + mechanism + ".connections.max.reauth.ms", sessionMillis);
        }
        return builder;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.start();
        giveScramPassword("me", PASSWORD);
    }

    private static void giveScramPassword(String user, String password) throws Exception {
        try (Admin admin = Reference.admin(CLUSTER)) {
            for (org.apache.kafka.clients.admin.ScramMechanism mechanism : List.of(
                    org.apache.kafka.clients.admin.ScramMechanism.SCRAM_SHA_256,
                    org.apache.kafka.clients.admin.ScramMechanism.SCRAM_SHA_512)) {
                UserScramCredentialAlteration upsertion = new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(mechanism, ITERATIONS), password);
                admin.alterUserScramCredentials(List.of(upsertion)).all().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    private static ProducerSettings<String, String> settings(
            String listener, SaslMechanism mechanism, String password) {
        String module =
                switch (mechanism) {
                    case PLAIN -> "plain.PlainLoginModule";
                    case OAUTHBEARER -> "oauthbearer.OAuthBearerLoginModule";
                    default -> "scram.ScramLoginModule";
                };
        String options = mechanism == SaslMechanism.OAUTHBEARER
                ? "unsecuredLoginStringClaim_sub=\"me\""
                : "username=\"me\" password=\"" + escaped(password) + "\"";
        Map<String, @Nullable Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                CLUSTER.bootstrapServers(listener),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism.wireName(),
                "sasl.jaas.config",
                SECURITY + module + " required " + options + ";"));
        return KafkaPropertyNames.read(properties, Serializers.string(), Serializers.string());
    }

    private static Producer<String, String> open(ProducerConfig config) {
        return Producers.open(config, Serializers.string(), Serializers.string());
    }

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = "GSSAPI", mode = EnumSource.Mode.EXCLUDE)
    void believesTheRightOnes(SaslMechanism mechanism) throws Exception {
        String topic = Reference.newTopic(CLUSTER, 1);
        try (Producer<String, String> producer =
                open(settings("SAFE", mechanism, PASSWORD).config())) {
            for (String value : Clients.values(10)) {
                Clients.get(producer.send(new ProducerRecord<>(topic, value)));
            }
        }
        assertThat(Reference.readValues(CLUSTER, topic)).isEqualTo(Clients.values(10));
    }

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = {"PLAIN", "SCRAM_SHA_256", "SCRAM_SHA_512"})
    void tellsTheWrongOnesQuickly(SaslMechanism mechanism) {
        try (Producer<String, String> producer =
                open(settings("SAFE", mechanism, "hunter2hunter2").config())) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            producer.send(new ProducerRecord<>("any", "value")).get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(AuthenticationException.class)
                    .withRootCauseInstanceOf(SaslAuthenticationException.class)
                    .withMessageContaining("SASL_AUTHENTICATION_FAILED")
                    .matches(e -> !String.valueOf(e.getMessage()).contains("hunter2hunter2"));
        }
    }

    @Test
    @Tag("row-113")
    void namesTheMechanismsOnOffer() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(CLUSTER.bootstrapServers())
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.PLAIN)
                .saslCredentials("me", PASSWORD)
                .build();
        try (Producer<String, String> producer = open(config)) { // the plain listener
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            producer.send(new ProducerRecord<>("any", "value")).get(10, TimeUnit.SECONDS))
                    .withMessageContaining("error=ILLEGAL_SASL_STATE")
                    .withMessageContaining("check the port and the protocol");
        }
    }

    @ParameterizedTest
    @Tag("row-114")
    @EnumSource(names = {"PLAIN", "SCRAM_SHA_256", "OAUTHBEARER"})
    void renewsSessionsOfTwoSecondsUnderLoad(SaslMechanism mechanism) throws Exception {
        String topic = Reference.newTopic(CLUSTER, 4);
        ProducerConfig config = settings("SHORT", mechanism, PASSWORD).config();
        try (Producer<Integer, Integer> producer =
                Producers.open(config, Serializers.integers(), Serializers.integers())) {
            SteadyLoad load = SteadyLoad.on(producer, topic);
            for (int second = 0; second < 10; second++) {
                load.awaitMore(500);
                letPass(Duration.ofMillis(700));
            }
            load.stopAndJudge(CLUSTER);
        }
    }

    @Test
    void aNewPasswordIsUsedWhileRecordsFlow() throws Exception {
        String topic = Reference.newTopic(CLUSTER, 4);
        giveScramPassword("rotating", "first");
        ChangingCredentials supplier = new ChangingCredentials("rotating", "first");
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(CLUSTER.bootstrapServers("SHORT"))
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.SCRAM_SHA_512)
                .saslCredentials(supplier)
                .build();
        try (Producer<Integer, Integer> producer =
                Producers.open(config, Serializers.integers(), Serializers.integers())) {
            SteadyLoad load = SteadyLoad.on(producer, topic);
            giveScramPassword("rotating", "second");
            supplier.change("rotating", "second");
            letPass(Duration.ofSeconds(5)); // two sessions
            load.awaitMore(500);
            load.stopAndJudge(CLUSTER);
        }
        assertThat(supplier.isListenedTo()).isFalse();
    }

    private static void letPass(Duration time) throws Exception {
        new CompletableFuture<Void>()
                .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
                .get();
    }
}
