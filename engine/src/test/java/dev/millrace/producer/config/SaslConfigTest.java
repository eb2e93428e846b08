package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import dev.millrace.producer.serialization.Serializers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredJws;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslConfigTest {

    private static final String SECRET = "hunter2";
    private static final String SECURITY = "org.apache.kafka.common.security.";
    private static final String PLAIN =
            SECURITY + "plain.PlainLoginModule required username=\"me\" password=\"" + SECRET + "\";";

    private static ProducerConfig.Builder builder() {
        return ProducerConfig.builder().bootstrapServers("a:1");
    }

    private static SaslConfig saslOf(ProducerConfig config) {
        return Objects.requireNonNull(config.security().sasl());
    }

    private static Map<String, @Nullable Object> properties(String... more) {
        Map<String, @Nullable Object> properties = new HashMap<>(Map.of("bootstrap.servers", "a:1"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static ProducerConfig read(Map<String, @Nullable Object> properties) {
        return KafkaPropertyNames.read(properties, Serializers.voids(), Serializers.voids())
                .config();
    }

    private static List<String> violationsOf(Runnable attempt) {
        try {
            attempt.run();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
            return e.violations().stream().map(Violation::toString).toList();
        }
        throw new AssertionError("was accepted");
    }

    @Test
    void hasTheDefaultsOfTheReference() {
        ProducerConfig config = builder()
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.SCRAM_SHA_256)
                .saslCredentials("me", SECRET)
                .build();

        assertThat(saslOf(config))
                .isEqualTo(new SaslConfig(
                        SaslMechanism.SCRAM_SHA_256,
                        CredentialsSupplier.of(UserCredentials.of("me", SECRET)),
                        null,
                        null,
                        "",
                        new LoginRefreshConfig(0.8, 0.05, Duration.ofMinutes(1), Duration.ofMinutes(5))));
        assertThat(config.toBuilder().build().security()).isEqualTo(config.security());
    }

    @Test
    void showsNoSecret() {
        ProducerConfig config = builder()
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.PLAIN)
                .saslCredentials("me", SECRET)
                .build();

        assertThat(config.toString() + config.security() + config.describe())
                .doesNotContain(SECRET)
                .contains("app.producer.sasl.mechanism (sasl.mechanism) = PLAIN [user]");
    }

    @Test
    void refusesToSendCredentialsUnencryptedUnlessTold() {
        assertThat(violationsOf(() -> builder()
                        .saslMechanism(SaslMechanism.PLAIN)
                        .saslCredentials("me", SECRET)
                        .build()))
                .containsExactly(
                        "app.producer.sasl.mechanism (sasl.mechanism)=PLAIN: credentials would be sent unencrypted;"
                                + " set app.producer.security.protocol (security.protocol)=SASL_PLAINTEXT to allow this,"
                                + " or SASL_SSL for TLS");
    }

    @Test
    void aMechanismNeedsWhatItProvesWith() {
        for (SaslMechanism mechanism : SaslMechanism.values()) {
            ProducerConfig.Builder wanting =
                    builder().securityProtocol(SecurityProtocol.SASL_PLAINTEXT).saslMechanism(mechanism);
            assertThat(violationsOf(wanting::build)).hasSize(1).allMatch(each -> each.contains("need"));
        }
    }

    @Test
    void aProtocolWithSaslNeedsAMechanism() {
        assertThat(violationsOf(() ->
                        builder().securityProtocol(SecurityProtocol.SASL_SSL).build()))
                .containsExactly("app.producer.sasl.mechanism (sasl.mechanism): is needed with"
                        + " app.producer.security.protocol (security.protocol)=SASL_SSL; give one of PLAIN,"
                        + " SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, GSSAPI");
    }

    @Test
    void aMechanismWithAProtocolThatDoesNotAuthenticateIsAMistake() {
        assertThat(violationsOf(() -> builder()
                        .securityProtocol(SecurityProtocol.PLAINTEXT)
                        .saslMechanism(SaslMechanism.PLAIN)
                        .saslCredentials("me", SECRET)
                        .build()))
                .hasSize(1)
                .allMatch(each -> each.contains("does not authenticate"));
    }

    @Test
    void kerberosNeedsTheServiceName() {
        ProducerConfig.Builder kerberos =
                builder().securityProtocol(SecurityProtocol.SASL_PLAINTEXT).saslMechanism(SaslMechanism.GSSAPI);
        assertThat(violationsOf(kerberos::build)).hasSize(1).allMatch(each -> each.contains("kerberos-service-name"));

        assertThat(saslOf(kerberos.saslKerberosServiceName("kafka").build()).kerberosServiceName())
                .isEqualTo("kafka");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sasl.login.refresh.window.factor | 0.4 | must be at least 0.5",
                "sasl.login.refresh.window.factor | 1.1 | must be at most 1.0",
                "sasl.login.refresh.window.factor | NaN | must be at least 0.5",
                "sasl.login.refresh.window.factor | x | must be a number between 0.5 and 1.0",
                "sasl.login.refresh.window.jitter | 0.3 | must be at most 0.25",
                "sasl.login.refresh.min.period.seconds | 901 | must be at most 900000 ms",
                "sasl.login.refresh.min.period.seconds | 1.5 | must be a whole number of seconds between 0 and 900",
                "sasl.login.refresh.buffer.seconds | 3601 | must be at most 3600000 ms",
                "sasl.mechanism | DIGEST-MD5 | must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, GSSAPI"
            })
    void refusesWhatTheReferenceRefuses(String name, String value, String reason) {
        assertThat(violationsOf(() -> read(properties(name, value))))
                .hasSize(1)
                .allMatch(each -> each.endsWith(reason));
    }

    @Test
    void readsTheRefreshOfLoginsInTheUnitsOfTheNames() {
        ProducerConfig config = read(properties(
                "security.protocol", "sasl_plaintext",
                "sasl.mechanism", "plain",
                "sasl.jaas.config", PLAIN,
                "sasl.login.refresh.window.factor", "0.9",
                "sasl.login.refresh.window.jitter", "0",
                "sasl.login.refresh.min.period.seconds", "30",
                "sasl.login.refresh.buffer.seconds", "120"));

        assertThat(saslOf(config).loginRefresh())
                .isEqualTo(new LoginRefreshConfig(0.9, 0, Duration.ofSeconds(30), Duration.ofMinutes(2)));
    }

    // sasl.jaas.config

    @ParameterizedTest
    @Tag("row-113")
    @ValueSource(strings = {"", "kafkashaded.", "shadeddatabricks."})
    void readsPasswordsOfKafkasModules(String prefix) throws Exception {
        for (String module : List.of("plain.PlainLoginModule", "scram.ScramLoginModule")) {
            ProducerConfig config = read(properties(
                    "security.protocol", "SASL_PLAINTEXT",
                    "sasl.mechanism", "SCRAM-SHA-512",
                    "sasl.jaas.config",
                            prefix + SECURITY + module + " required username=\"m;e\" password=\"a\\\"=\\\\;b\";"));

            CredentialsSupplier supplier = Objects.requireNonNull(saslOf(config).credentials());
            assertThat(supplier.get()).isEqualTo(UserCredentials.of("m;e", "a\"=\\;b"));
        }
    }

    @Test
    void readsDelegationTokens() throws Exception {
        ProducerConfig config = read(properties(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "SCRAM-SHA-256",
                "sasl.jaas.config",
                        SECURITY + "scram.ScramLoginModule required username=id password=hmac tokenauth=\"true\";"));

        CredentialsSupplier supplier = Objects.requireNonNull(saslOf(config).credentials());
        assertThat(supplier.get()).isEqualTo(UserCredentials.ofDelegationToken("id", "hmac"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.sun.security.auth.module.JndiLoginModule required user=\"hunter2\"; | classes are not loaded by"
                        + " name: com.sun.security.auth.module.JndiLoginModule",
                "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true; | remove this for the JVM's"
                        + " ticket cache",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\"; | needs the options"
                        + " username and password",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=me password=hunter2"
                        + " tokenauth=true; | options that are not known: tokenauth",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"\" password=\"\"; | must"
                        + " not be empty",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"c\""
                        + " clientSecret=\"hunter2\"; | give a dev.millrace.producer.security.TokenSupplier",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                        + " unsecuredLoginStringClaim_x=\"hunter2\"; | needs the option unsecuredLoginStringClaim_sub",
                "hunter2 | has not a flag"
            })
    void saysWhatToDoAboutOtherModulesWithoutTheSecret(String jaas, String reason) {
        List<String> violations = violationsOf(() -> read(properties("sasl.jaas.config", jaas)));

        assertThat(violations).hasSize(1).allMatch(each -> each.startsWith("sasl.jaas.config: "));
        assertThat(violations.get(0)).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sasl.login.class | give a supplier as sasl.login.callback.handler.class",
                "sasl.client.callback.handler.class | give a supplier as sasl.login.callback.handler.class",
                "sasl.login.callback.handler.class | give an object that is a"
                        + " dev.millrace.producer.security.TokenSupplier",
                "sasl.oauthbearer.token.endpoint.url | give a dev.millrace.producer.security.TokenSupplier",
                "sasl.oauthbearer.jwks.endpoint.url | for those who check tokens",
                "sasl.kerberos.kinit.cmd | Kerberos tickets are renewed by whoever supplies them"
            })
    void whatIsNotTakenHasARemedy(String name, String remedy) {
        assertThat(violationsOf(() -> read(properties(name, "some.Class"))))
                .hasSize(1)
                .allMatch(each -> each.contains(remedy));
    }

    @Test
    void suppliersStandWhereKafkaHasAHandler() {
        TokenSupplier tokens = () -> Token.withoutEnd("t");
        CredentialsSupplier credentials = () -> UserCredentials.of("me", SECRET);
        KerberosCredentialSupplier kerberos = () -> {
            throw new IllegalStateException("no ticket");
        };
        Map<String, @Nullable Object> properties = properties("security.protocol", "SASL_PLAINTEXT");

        properties.put("sasl.login.callback.handler.class", tokens);
        properties.put("sasl.mechanism", "OAUTHBEARER");
        assertThat(saslOf(read(properties)).tokens()).isSameAs(tokens);
        properties.put("sasl.login.callback.handler.class", credentials);
        properties.put("sasl.mechanism", "PLAIN");
        assertThat(saslOf(read(properties)).credentials()).isSameAs(credentials);
        properties.put("sasl.login.callback.handler.class", kerberos);
        properties.put("sasl.mechanism", "GSSAPI");
        properties.put("sasl.kerberos.service.name", "kafka");
        assertThat(saslOf(read(properties)).kerberos()).isSameAs(kerberos);
    }

    @Test
    void unsecuredTokensAreReadByTheReference() throws Exception {
        ProducerConfig config = read(properties(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "OAUTHBEARER",
                "sasl.jaas.config",
                        SECURITY
                                + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"m\\\"e\""
                                + " unsecuredLoginNumberClaim_level=\"7\" unsecuredLoginListClaim_scope=\",a,b\""
                                + " unsecuredLoginLifetimeSeconds=\"60\" unsecuredLoginExtension_tenant=\"t1\";"));
        UnsecuredTokens tokens =
                (UnsecuredTokens) Objects.requireNonNull(saslOf(config).tokens());
        Instant now = Instant.parse("2026-11-21T12:00:00Z");

        Token token = tokens.get(Clock.fixed(now, ZoneOffset.UTC));

        assertThat(token.expiresAt()).isEqualTo(now.plusSeconds(60));
        assertThat(token.extensions()).containsExactly(Map.entry("tenant", "t1"));
        OAuthBearerUnsecuredJws read = new OAuthBearerUnsecuredJws(token.value(), "sub", "scope");
        assertThat(read.principalName()).isEqualTo("m\"e");
        assertThat(read.scope()).containsExactlyInAnyOrder("a", "b");
        assertThat(read.lifetimeMs()).isEqualTo(now.plusSeconds(60).toEpochMilli());
        assertThat(read.claim("level", Number.class).intValue()).isEqualTo(7);
    }

    @Test
    void aTypeThatIsNoTextIsRefused() {
        Map<String, @Nullable Object> properties = properties();
        properties.put("sasl.jaas.config", 5);
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> read(properties));
    }
}
