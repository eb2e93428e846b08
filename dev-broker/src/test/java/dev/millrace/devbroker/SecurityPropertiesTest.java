package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.devbroker.security.DevTokenServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityPropertiesTest {
    private static final DevCertificates CERTIFICATES = DevCertificates.create();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void anOpenClusterIsToldNothing() {
        assertThat(render("4.3.1", Map.of(), new ClusterAccess(Map.of(), false, Set.of())))
                .isEmpty();
    }

    @Test
    void aListenerWithTlsShowsItsCertificateAndAsksForNone() {
        assertThat(render("4.3.1", DevListener.tls(CERTIFICATES.broker())))
                .containsEntry("listener.name.secure.ssl.client.auth", "none")
                .hasEntrySatisfying("listener.name.secure.ssl.keystore.location", file -> assertThat(Path.of(file))
                        .exists())
                .hasEntrySatisfying("listener.name.secure.ssl.truststore.location", file -> assertThat(Path.of(file))
                        .exists())
                .doesNotContainKey("password.encoder.secret");
    }

    @Test
    void clientsAreAskedForACertificateWhereAuthoritiesAreNamed() {
        assertThat(render(
                        "4.3.1",
                        DevListener.tls(CERTIFICATES.broker())
                                .clientCertificates(CERTIFICATES.authority())
                                .principals("DEFAULT")))
                .containsEntry("listener.name.secure.ssl.client.auth", "required")
                .containsEntry("listener.name.secure.ssl.principal.mapping.rules", "DEFAULT");
        assertThatThrownBy(() -> DevListener.plaintext().clientCertificates(CERTIFICATES.authority()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls");
    }

    @Test
    void mechanismsHaveUsersAndSessionsOfTheirOwn() {
        assertThat(render(
                        "4.3.1",
                        DevListener.plaintext()
                                .sasl(DevMechanism.PLAIN, DevMechanism.SCRAM_SHA_256)
                                .sessions(Duration.ofSeconds(2))))
                .containsEntry("listener.name.secure.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                .containsEntry(
                        "listener.name.secure.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required \"user_alice\"=\"s\\\"1\";")
                .containsEntry("listener.name.secure.plain.connections.max.reauth.ms", "2000")
                .containsEntry("listener.name.secure.scram-sha-256.connections.max.reauth.ms", "2000");
    }

    @Test
    void accessIsJudgedByTheClassOfTheRelease() {
        ClusterAccess controlled = new ClusterAccess(Map.of(), true, Set.of("alice"));

        assertThat(render("4.3.1", Map.of(), controlled))
                .containsEntry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .containsEntry("super.users", "User:ANONYMOUS;User:alice");
        assertThat(render("2.8.2", Map.of(), controlled))
                .containsEntry("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer");
        assertThat(render("2.1.1", Map.of(), controlled))
                .containsEntry("authorizer.class.name", "kafka.security.auth.SimpleAclAuthorizer");
    }

    @Test
    void signedTokensAreVerifiedByTheClassOfTheRelease() {
        try (DevTokenServer tokens = DevTokenServer.start()) {
            DevListener listener = DevListener.plaintext().tokens(tokens);
            String validator = "listener.name.secure.oauthbearer.sasl.server.callback.handler.class";

            assertThat(render("4.3.1", listener))
                    .containsEntry(
                            validator,
                            "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler")
                    .containsEntry(
                            "listener.name.secure.sasl.oauthbearer.jwks.endpoint.url",
                            tokens.keysEndpoint().toString());
            assertThat(render("3.9.2", listener).get(validator)).contains(".secured.");
            assertThatThrownBy(() -> render("2.8.2", listener))
                    .isInstanceOf(DevClusterException.class)
                    .hasMessageContaining("3.1");
        }
    }

    @Test
    void aReleaseWithZooKeeperKeepsPasswordsEncrypted() {
        assertThat(render("2.8.2", DevListener.plaintext().sasl(DevMechanism.PLAIN)))
                .containsKey("password.encoder.secret");
    }

    private Map<String, String> render(String release, DevListener listener) {
        return render(release, Map.of("SECURE", listener), new ClusterAccess(Map.of("alice", "s\"1"), false, Set.of()));
    }

    private Map<String, String> render(String release, Map<String, DevListener> listeners, ClusterAccess access) {
        ClusterSettings settings = new ClusterSettings(
                1, 0, 4, true, 256, List.of(), Duration.ofSeconds(1), null, null, true, listeners, access, Map.of());
        BrokerRelease of = BrokerRelease.among(List.of(Path.of("kafka_2.13-" + release + ".jar")));
        return SecurityProperties.render(settings, of, ClusterFiles.in(directory));
    }
}
