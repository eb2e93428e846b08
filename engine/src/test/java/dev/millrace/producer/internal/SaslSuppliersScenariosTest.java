package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SaslWorld.SECRET;
import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What connections authenticate with comes from suppliers, which change their minds, fail or hang. */
class SaslSuppliersScenariosTest {

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
    void tokensAreFetchedAheadOfTheirEnd() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        world.tokens.life = Duration.ofMinutes(10);
        sasl.sessions(Duration.ofMinutes(2));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofMinutes(4));
        assertThat(world.tokens.calls).isEqualTo(1);
        world.tokens.number = 2;
        sasl.token("token.2");
        sim.loop.advance(Duration.ofMinutes(2)); // 8 minutes would be 80 %, the buffer of 5 comes first
        assertThat(world.tokens.calls).isEqualTo(2);
        sasl.revokeTokens();
        sasl.token("token.2");
        sim.loop.advance(Duration.ofMinutes(4));
        sim.sendAlone(0, "second");

        world.assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
    }

    @Test
    void aSupplierThatThrowsKeepsTheSessionAndIsAskedAgain() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        world.tokens.life = Duration.ofSeconds(30);
        sasl.sessions(Duration.ofSeconds(20));
        sim.cluster.topic(TOPIC, 1);
        world.sendFor(SECOND, 1);
        world.tokens.throwing = true;
        world.sendFor(Duration.ofSeconds(40), 1);
        int calls = world.tokens.calls;
        assertThat(calls).isBetween(3, 12);

        Sent record = sim.send(0, "waits");
        sim.loop.advance(Duration.ofSeconds(20));
        assertThat(record.isDone()).isFalse();
        world.tokens.throwing = false;
        sim.loop.advance(Duration.ofSeconds(11));

        world.assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
    }

    @Test
    void theMessageNamesASupplierThatThrows() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config.maxBlock(MINUTE));
        world.tokens.throwing = true;
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(50));
        assertThat(record.isDone()).isFalse(); // it may be there again at any time

        sim.loop.advance(Duration.ofSeconds(20));
        assertThat(record.failure())
                .hasMessageContaining("no credentials from tokens of the test")
                .hasMessageContaining("authorization server away");
        assertThat(world.tokens.calls).isLessThan(15);
    }

    @Test
    void aTokenThatHasEndedIsNotSent() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config.maxBlock(MINUTE));
        world.tokens.life = Duration.ofSeconds(-5);
        Sent record = sim.send(0, "r");
        sim.loop.advance(MINUTE.plus(SECOND));

        assertThat(record.failure()).hasMessageContaining("the token of tokens of the test ended 5000 ms ago");
        assertThat(sasl.attempts()).isEmpty();
    }

    @Test
    void aSupplierThatDoesNotAnswerHoldsUpNothingWhileItsLastTokenLives() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        world.tokens.life = Duration.ofMinutes(20);
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofMinutes(14));
        boolean[] blocks = {true};
        sim.login.takes(() -> {
            boolean isTheSupplier = blocks[0];
            blocks[0] = false;
            return isTheSupplier ? Duration.ofHours(1) : Duration.ZERO;
        });
        sim.loop.advance(Duration.ofMinutes(2)); // the refresh hangs
        assertThat(blocks[0]).isFalse();
        sim.cluster.broker(1).closeConnections();
        world.sendFor(SECOND, 1);

        world.assertNothingLostOrReordered(1);
        assertThat(world.tokens.calls).isEqualTo(1);
    }

    @Test
    void aSupplierThatDoesNotAnswerAtAllIsNamed() {
        open(1, SaslMechanism.PLAIN, config -> config.maxBlock(Duration.ofSeconds(12)));
        sim.login.takes(() -> Duration.ofHours(1));
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(13));

        assertThat(record.failure()).hasMessageContaining("waited for credentials (waiting for");
        assertThat(sim.login.tasks()).isLessThanOrEqualTo(2); // one call, however many attempts
    }

    @Test
    void aNewPasswordReplacesConnectionsUnderLoad() {
        open(2, SaslMechanism.SCRAM_SHA_256, config -> config);
        sim.cluster.topic(TOPIC, 1, 2);
        world.sendFor(SECOND, 2);
        int before = sasl.successes();
        int connections = world.connections(2);
        sasl.user("me", "new");
        world.credentials.change("me", "new");
        world.sendFor(SECOND, 2);

        world.assertNothingLostOrReordered(2);
        assertThat(sasl.successes()).isEqualTo(before + connections);
        assertThat(world.connections(2)).isEqualTo(connections);
        assertThat(sasl.renewals()).isZero();
    }

    @Test
    void aNewPasswordThatIsWrongLeavesWhatWorks() {
        open(2, SaslMechanism.PLAIN, config -> config);
        sim.cluster.topic(TOPIC, 1, 2);
        world.sendFor(SECOND, 2);
        world.credentials.change("me", "typo");
        world.sendFor(Duration.ofSeconds(3), 2);
        world.credentials.change("me", SECRET);
        world.sendFor(SECOND, 2);

        world.assertNothingLostOrReordered(2);
    }

    @Test
    void manyConnectionsAskTheSupplierOnce() {
        open(5, SaslMechanism.SCRAM_SHA_256, config -> config);
        sim.login.takes(() -> Duration.ofMillis(50));
        sim.cluster.topic(TOPIC, 1, 2, 3, 4, 5);
        world.sendFor(SECOND, 5);

        world.assertNothingLostOrReordered(5);
        assertThat(world.credentials.calls).isEqualTo(1);
    }

    @Test
    void nothingShowsThePassword() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.user("me", "another");
        List<@Nullable Object> shown = List.of(
                world.credentials.get(), CredentialsSupplier.of(world.credentials.get()), Token.withoutEnd(SECRET));
        assertThat(shown).allSatisfy(each -> assertThat(String.valueOf(each)).doesNotContain(SECRET));
    }
}
