package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TlsSettingsTest {

    private static ProducerConfig read(Map<String, ?> tls) {
        Map<String, @Nullable Object> all = new HashMap<>(tls);
        all.put("bootstrap.servers", "a:1");
        all.put("key.serializer", "string");
        all.put("value.serializer", "string");
        return KafkaPropertyNames.read(all).config();
    }

    private static List<String> violations(Map<String, ?> tls) {
        List<String> found = new ArrayList<>();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(tls))
                .satisfies(refusal ->
                        refusal.violations().stream().map(Violation::toString).forEach(found::add));
        return found;
    }

    @Test
    void materialMeansTls() {
        ProducerConfig config = read(Map.of("ssl.truststore.location", "/ca.p12", "ssl.truststore.type", "PKCS12"));

        assertThat(config.security().protocol()).isEqualTo(SecurityProtocol.SSL);
        assertThat(config.derivations())
                .containsExactly(
                        "app.producer.security.protocol (security.protocol) is SSL, because there is TLS material");
        assertThat(config.security().tls())
                .isEqualTo(new TlsConfig(
                        TlsSources.builder()
                                .trustStore(Path.of("/ca.p12"), "PKCS12", null)
                                .build(),
                        EndpointIdentification.HTTPS,
                        List.of(),
                        List.of()));
    }

    @Test
    void tellsOfTlsThatHasNoEffect() {
        ProducerConfig config = read(Map.of(
                "security.protocol", "PLAINTEXT",
                "ssl.truststore.location", "/ca.p12",
                "ssl.truststore.password", "hunter2",
                "ssl.keystore.location", "",
                "ssl.endpoint.identification.algorithm", ""));

        assertThat(config.security().tls()).isNull();
        assertThat(config.derivations())
                .containsExactly(
                        "app.producer.security.protocol (security.protocol) is PLAINTEXT, so connections are not"
                                + " encrypted, and these have no effect: app.producer.ssl.endpoint-identification"
                                + " (ssl.endpoint.identification.algorithm), app.producer.ssl.trust-store.location"
                                + " (ssl.truststore.location), app.producer.ssl.trust-store.password"
                                + " (ssl.truststore.password)");
    }

    @Test
    void tellsOfASourceThatHasNoEffect() {
        ProducerConfig.Builder config = ProducerConfig.builder()
                .bootstrapServers("b:9092")
                .saslMechanism(SaslMechanism.PLAIN)
                .saslCredentials("me", "secret")
                .tls(TlsSources.jvmDefault());

        assertThat(config.securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                        .build()
                        .derivations())
                .containsExactly("app.producer.security.protocol (security.protocol) is SASL_PLAINTEXT, so connections"
                        + " are not encrypted, and these have no effect: the source of TLS material (an"
                        + " SSL bundle, or an object)");
        assertThat(config.securityProtocol(SecurityProtocol.SASL_SSL).build().derivations())
                .isEmpty();
    }

    @Test
    void readsAllOfKafkasNames() {
        TlsConfig tls = read(Map.of(
                        "security.protocol", "ssl",
                        "ssl.keystore.location", "/keys.jks",
                        "ssl.keystore.password", "one",
                        "ssl.key.password", "two",
                        "ssl.truststore.location", "/ca.pem",
                        "ssl.truststore.type", "pem",
                        "ssl.enabled.protocols", "TLSv1.3",
                        "ssl.cipher.suites", "TLS_AES_128_GCM_SHA256",
                        "ssl.endpoint.identification.algorithm", ""))
                .security()
                .tls();

        assertThat(tls)
                .isEqualTo(new TlsConfig(
                        TlsSources.builder()
                                .keyStore(Path.of("/keys.jks"), "JKS", "one")
                                .keyPassword("two")
                                .trustPem(Path.of("/ca.pem"))
                                .build(),
                        EndpointIdentification.NONE,
                        List.of("TLSv1.3"),
                        List.of("TLS_AES_128_GCM_SHA256")));
    }

    @Test
    void readsPemText() {
        ProducerConfig config = read(Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.key", "key-text",
                "ssl.keystore.certificate.chain", "chain-text",
                "ssl.truststore.certificates", "ca-text"));

        assertThat(config.security().tls())
                .extracting(tls -> tls == null ? "none" : tls.source())
                .isEqualTo(TlsSources.builder()
                        .keyPem("key-text", "chain-text")
                        .trustPem("ca-text")
                        .build());
    }

    @Test
    void showsNoSecret() {
        ProducerConfig config = read(Map.of(
                "ssl.keystore.location", "/keys.jks",
                "ssl.keystore.password", "hunter2",
                "ssl.key.password", "hunter2",
                "ssl.truststore.certificates", "hunter2"));

        assertThat(config.describe())
                .contains("(ssl.keystore.password) = ******")
                .doesNotContain("hunter2");
        assertThat(config.security().toString()).doesNotContain("hunter2");
        assertThat(violations(Map.of("ssl.keystore.key", "hunter2")))
                .containsExactly(
                        "app.producer.ssl.key-store.certificate-chain (ssl.keystore.certificate.chain): is missing;"
                                + " a key and its certificate chain belong together");
    }

    @Test
    @Tag("row-116")
    void refusesWhatDoesNotFitTogether() {
        assertThat(violations(Map.of(
                        "ssl.keystore.location", "/k",
                        "ssl.keystore.key", "x",
                        "ssl.keystore.certificate.chain", "x",
                        "ssl.truststore.location", "/t",
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.password", "hunter2",
                        "ssl.enabled.protocols", "TLSv1.1")))
                .containsExactly(
                        "app.producer.ssl.key-store.location (ssl.keystore.location)=/k: is given beside"
                                + " app.producer.ssl.key-store.key (ssl.keystore.key); remove one of them",
                        "app.producer.ssl.trust-store.password (ssl.truststore.password)=******: PEM has no store and"
                                + " no password of it; remove it, or give that of an encrypted key as"
                                + " app.producer.ssl.key-password (ssl.key.password)",
                        "app.producer.ssl.enabled-protocols (ssl.enabled.protocols)=TLSv1.1: must be of TLSv1.3,"
                                + " TLSv1.2");
    }

    @Test
    void refusesTwoSources() {
        TlsSource source = TlsMaterial::jvmDefault;

        assertThat(read(Map.of("ssl.engine.factory.class", source)).security().tls())
                .extracting(tls -> tls == null ? "none" : tls.source())
                .isSameAs(source);
        assertThat(violations(Map.of("ssl.engine.factory.class", source, "ssl.truststore.location", "/t")))
                .containsExactly("app.producer.ssl.trust-store.location (ssl.truststore.location)=/t: a source of TLS"
                        + " material is given, too; remove this setting or that object");
    }

    @Test
    void saysWhatToDoInstead() {
        assertThat(violations(Map.of("ssl.engine.factory.class", "a.B", "ssl.protocol", "TLS", "ssl.provider", "X")))
                .containsExactly(
                        "ssl.engine.factory.class: classes are not loaded by name; give a"
                                + " dev.millrace.producer.security.TlsSource as this property",
                        "ssl.protocol: the versions that are offered are those of app.producer.ssl.enabled-protocols"
                                + " (ssl.enabled.protocols); set that instead",
                        "ssl.provider: providers are not chosen by name; give a"
                                + " dev.millrace.producer.security.TlsSource whose material has an SSLContext of that"
                                + " provider");
    }
}
