package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SaslWorld.SECRET;
import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.SaslMechanism;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions end, and are renewed on the connection they belong to (KIP-368). */
class SaslRenewalScenariosTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private SaslWorld world = new SaslWorld(1, SaslMechanism.PLAIN, config -> config);
    private SimulatedProducer sim = world.sim;
    private SimulatedSasl sasl = world.sasl;

    private void open(int nodes, SaslMechanism mechanism, UnaryOperator<ProducerConfig.Builder> more) {
        world = new SaslWorld(nodes, mechanism, more);
        sim = world.sim;
        sasl = world.sasl;
    }

    @Test
    @Tag("row-114")
    void sessionsAreRenewedUnderLoadWithoutLossOrDelay() {
        open(2, SaslMechanism.PLAIN, config -> config);
        sasl.sessions(Duration.ofSeconds(2)).answersAfter(Duration.ofMillis(3));
        sim.cluster.topic(TOPIC, 1, 2);
        sim.cluster.onProduce(call -> {
            var unused = sim.loop.schedule(Duration.ofMillis(3).toNanos(), call::appendAndAnswer);
        });
        sim.send(0, "first");
        sim.send(1, "first");
        sim.loop.advance(SECOND);
        int attempts = sim.network.attempts().size();
        int longest = 0;
        for (int i = 0; i < 30_000; i++) {
            sim.send(0, "r" + i);
            sim.send(1, "r" + i);
            sim.loop.advance(MILLI);
            longest = Math.max(longest, sim.sent.size() - sim.completed.size());
        }

        world.assertNothingLostOrReordered(2);
        assertThat(sasl.renewals()).isGreaterThan(15 * 2);
        assertThat(sasl.expiries()).isZero();
        assertThat(sim.network.attempts()).hasSize(attempts); // no connection was lost
        assertThat(longest).isLessThan(100); // 50 ms of records
    }

    @Test
    @Tag("row-114")
    void slowRenewalsAreFinishedBeforeTheSessionEnds() {
        open(1, SaslMechanism.SCRAM_SHA_512, config -> config);
        sasl.sessions(Duration.ofSeconds(3)).answersAfter(Duration.ofMillis(20));
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.onProduce(call -> {
            var unused = sim.loop.schedule(Duration.ofMillis(20).toNanos(), call::appendAndAnswer);
        });
        sim.login.takes(() -> Duration.ofMillis(10));
        world.sendFor(Duration.ofSeconds(30), 1);

        world.assertNothingLostOrReordered(1);
        assertThat(sasl.renewals()).isGreaterThan(8);
        assertThat(sasl.expiries()).isZero();
    }

    @Test
    void idleConnectionsAreRenewedUntilTheyAreClosedForIdleness() {
        open(1, SaslMechanism.PLAIN, config -> config.connectionMaxIdle(MINUTE));
        sasl.sessions(Duration.ofSeconds(10));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofSeconds(55));
        int attempts = sim.network.attempts().size();
        assertThat(sasl.renewals()).isGreaterThan(4);
        sim.sendAlone(0, "second");

        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.network.attempts()).hasSize(attempts);

        sim.loop.advance(Duration.ofSeconds(62));
        assertThat(sim.cluster.broker(1).connections()).isZero();
        assertThat(sasl.violations()).isEmpty();
    }

    @Test
    void aSessionOfLessThanASecondIsReplacedByAnotherConnection() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.sessions(Duration.ofMillis(900));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(Duration.ofSeconds(5), 1);

        world.assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
        assertThat(sasl.renewals()).isZero();
    }

    @Test
    void aRenewalThatIsRefusedCostsTheConnectionAndNoRecord() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.sessions(Duration.ofSeconds(10));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(SECOND, 1);
        sasl.user("me", "new");
        world.sendFor(Duration.ofSeconds(12), 1);
        assertThat(sim.sent.size() - sim.completed.size()).isPositive();
        assertThat(sim.sent).noneMatch(each -> each.failure != null); // the cluster was reached: they wait

        world.credentials.change("me", "new");
        sim.loop.advance(Duration.ofMillis(100));
        world.assertNothingLostOrReordered(1);
    }

    @Test
    void recordsOfAClusterThatWasReachedWaitUntilTheirDeadlineAndNameTheRefusal() {
        open(1, SaslMechanism.PLAIN, config -> config.deliveryTimeout(MINUTE));
        sasl.sessions(Duration.ofSeconds(10));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(SECOND, 1);
        sasl.user("me", "new");
        sim.loop.advance(Duration.ofSeconds(12));
        Sent record = sim.send(0, "late");
        sim.loop.advance(MINUTE.minus(SECOND));
        assertThat(record.isDone()).isFalse();
        sim.loop.advance(Duration.ofSeconds(2));

        assertThat(record.failure())
                .hasMessageContaining("authentication failed")
                .hasMessageContaining("Invalid username or password")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aBrokerThatEndsSessionsEarlyLosesTheConnectionAndNoRecord() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.sessions(Duration.ofSeconds(60));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(Duration.ofMillis(500), 1);
        for (int i = 0; i < 5; i++) {
            sim.cluster.broker(1).closeConnections();
            world.sendFor(SECOND, 1);
        }

        world.assertNothingLostOrReordered(1);
    }

    /** The broker counts from when it got the last token, and its answers take their time. */
    @Test
    void aSessionThatCannotBeRenewedIsLeftBeforeTheBrokerEndsIt() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        world.tokens.life = Duration.ofSeconds(8);
        sasl.sessions(Duration.ofSeconds(10)).answersAfter(Duration.ofMillis(500));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(Duration.ofSeconds(5), 1);
        assertThat(world.connections(1)).isPositive();
        world.tokens.throwing = true;
        world.sendFor(Duration.ofSeconds(9), 1);

        assertThat(world.connections(1)).isZero();
        assertThat(sasl.expiries()).isZero();
        assertThat(sim.sent).noneMatch(each -> each.failure != null);
    }
}
