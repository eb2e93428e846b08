package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SaslWorld.SECRET;
import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.SaslMechanism;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that prove who they are, and brokers that do not believe them. */
class SaslScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private SaslWorld world = new SaslWorld(1, SaslMechanism.PLAIN, config -> config);
    private SimulatedProducer sim = world.sim;
    private SimulatedSasl sasl = world.sasl;

    private void open(int nodes, SaslMechanism mechanism, UnaryOperator<ProducerConfig.Builder> more) {
        world = new SaslWorld(nodes, mechanism, more);
        sim = world.sim;
        sasl = world.sasl;
    }

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = "GSSAPI", mode = EnumSource.Mode.EXCLUDE)
    void everyMechanismGetsIn(SaslMechanism mechanism) {
        open(2, mechanism, config -> config);
        sim.cluster.topic(TOPIC, 1, 2);
        world.sendFor(Duration.ofMillis(20), 2);

        world.assertNothingLostOrReordered(2);
        assertThat(sasl.successes()).isEqualTo(sim.network.attempts().size()).isGreaterThan(2);
    }

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = "GSSAPI", mode = EnumSource.Mode.EXCLUDE)
    void whoIsNotBelievedHearsSoAtOnceAndTriesSeldom(SaslMechanism mechanism) {
        open(1, mechanism, config -> config);
        sasl.user("me", "another").revokeTokens();
        sim.cluster.topic(TOPIC, 1);
        Sent first = sim.send(0, "first");
        sim.loop.advance(Duration.ofMillis(100));

        assertThat(first.failure())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("mechanism=" + mechanism.wireName())
                .hasMessageContaining("error=SASL_AUTHENTICATION_FAILED")
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining("token.1")
                .hasRootCauseInstanceOf(SaslAuthenticationException.class);
        assertThat(first.failure().errorCode()).isEqualTo(ErrorCode.SASL_AUTHENTICATION_FAILED);
        assertThat(first.failure().stage()).isEqualTo(Stage.METADATA);
        assertThat(first.failure().recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION);
        assertThat(first.failure().mayHaveBeenWritten()).isFalse();

        for (int i = 0; i < 60; i++) {
            sim.send(0, "later");
            sim.loop.advance(Duration.ofSeconds(10));
        }
        assertThat(sim.sent).allMatch(Sent::isDone);
        assertThat(sasl.attempts()).hasSizeBetween(10, 30); // 1, 2, 4, 8, 16 and then 30 s
    }

    @Test
    @Tag("row-113")
    void anotherMechanismIsToldWithThoseOnOffer() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl = new SimulatedSasl(sim.loop, "SCRAM-SHA-512", "GSSAPI");
        sim.cluster.broker(1).authenticates(sasl);
        Sent record = sim.send(0, "r");
        sim.loop.advance(SECOND);

        assertThat(record.failure())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("does not offer the mechanism PLAIN, it offers SCRAM-SHA-512, GSSAPI");
    }

    @Test
    void aListenerWithoutSaslIsToldAsSuch() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sim.cluster.broker(1).authenticates(null).speaks(ApiKey.SASL_HANDSHAKE, 0, 0);
        Sent record = sim.send(0, "r");
        sim.loop.advance(SECOND);

        assertThat(record.failure()).hasMessageContaining("the broker does not authenticate with SASL");
    }

    @Test
    void aBrokerThatBreaksOffIsAnOrdinaryLossWithAHint() {
        open(1, SaslMechanism.PLAIN, config -> config.maxBlock(Duration.ofSeconds(5)));
        sim.cluster.broker(1).authenticates(null).on(ApiKey.SASL_HANDSHAKE, request -> request.closeConnection());
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(4));
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(Duration.ofSeconds(2));

        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("during authentication (a firewall, or another security protocol?)");
    }

    @Test
    void aSilentBrokerEndsWithTheSetupTimeout() {
        open(1, SaslMechanism.PLAIN, config -> config.maxBlock(Duration.ofSeconds(15)));
        sim.cluster.broker(1).authenticates(null).on(ApiKey.SASL_HANDSHAKE, request -> {});
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(16));

        assertThat(record.failure()).hasMessageContaining("waited for the broker's answer to PLAIN");
    }

    /** Each answer comes long before a request would time out. */
    @Test
    void aSlowDialogueEndsWithTheSetupTimeout() {
        open(1, SaslMechanism.SCRAM_SHA_256, config -> config.maxBlock(Duration.ofSeconds(15))
                .connectionSetupTimeoutMax(Duration.ofSeconds(10)));
        sasl.answersAfter(Duration.ofSeconds(4));
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(16));

        assertThat(record.failure())
                .hasMessageContaining("(setup timeout, app.producer.connection.setup-timeout")
                .hasMessageContaining("waited for the broker's answer to SCRAM-SHA-256");
    }

    @Test
    void theRightPasswordEndsThePauseAndLaterRecordsGo() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sim.cluster.topic(TOPIC, 1);
        sasl.user("me", "new");
        sim.loop.advance(Duration.ofMinutes(3));
        int attempts = sasl.attempts().size();

        world.credentials.change("me", "new");
        sim.loop.runReady();
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofMillis(10));

        assertThat(record.isDelivered()).isTrue();
        assertThat(sasl.attempts()).hasSizeLessThanOrEqualTo(attempts + 3);
    }

    @Test
    void aSupplierThatSaysNothingIsAskedAfterARefusal() {
        open(1, SaslMechanism.SCRAM_SHA_256, config -> config);
        sim.cluster.topic(TOPIC, 1);
        sasl.user("me", "new");
        Sent refused = sim.send(0, "refused");
        sim.loop.advance(Duration.ofMillis(100));
        assertThat(refused.failure()).isInstanceOf(AuthenticationException.class);
        world.credentials.become("me", "new");
        sim.loop.advance(Duration.ofSeconds(10));
        Sent record = sim.send(0, "r");
        sim.loop.advance(SECOND);

        assertThat(record.isDelivered()).isTrue();
    }
}
