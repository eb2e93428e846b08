package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever answers slowly enough to look alive does not keep an attempt to connect for longer than it may take. */
@Timeout(60)
class DrippingPeerTest {

    private static final Duration SETUP = Duration.ofMillis(400);

    @Test
    @Tag("row-67")
    void aTlsHandshakeEndsWithTheSetupTimeout() throws Exception {
        try (DrippingPeer peer = DrippingPeer.ofTls()) {
            isGivenUp(peer, "the TLS handshake", config -> config.securityProtocol(SecurityProtocol.SSL));
        }
    }

    @Test
    @Tag("row-67")
    void anAuthenticationEndsWithTheSetupTimeout() throws Exception {
        try (DrippingPeer peer = DrippingPeer.ofSasl()) {
            isGivenUp(peer, "the broker's answer to PLAIN", config -> config.securityProtocol(
                            SecurityProtocol.SASL_PLAINTEXT)
                    .saslMechanism(SaslMechanism.PLAIN)
                    .saslCredentials("me", "secret"));
        }
    }

    private static void isGivenUp(DrippingPeer peer, String stage, UnaryOperator<ProducerConfig.Builder> security) {
        ProducerConfig config = security.apply(ProducerConfig.builder()
                        .bootstrapServers(peer.address())
                        .connectionSetupTimeout(SETUP)
                        .connectionSetupTimeoutMax(SETUP)
                        .maxBlock(Duration.ofSeconds(2)))
                .build();
        try (Producer<String, String> producer = Producers.open(config, Serializers.string(), Serializers.string())) {
            assertThat(producer.send(new ProducerRecord<>("orders", "v")))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("(setup timeout, app.producer.connection.setup-timeout"
                            + " (socket.connection.setup.timeout.ms)), waited for " + stage);
            assertThat(peer.drops).as("bytes in the last attempts").hasValueGreaterThan(5);
            await().until(() -> peer.closedByClient.get() > 0);
        }
    }
}
