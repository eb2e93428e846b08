package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.SaslMechanism;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of a client that is not believed for a while. */
class SaslTransactionsScenariosTest {

    private final ChangingCredentials credentials = new ChangingCredentials("me", "old");

    private SimulatedTransactionalProducer open(int level) {
        SimulatedTransactionalProducer sim = new SimulatedTransactionalProducer(
                level,
                2,
                config -> config.securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                        .saslMechanism(SaslMechanism.PLAIN)
                        .saslCredentials(credentials),
                List.of());
        sim.cluster.topic(SimulatedTransactionalProducer.TOPIC, 1, 1);
        return sim;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-101")
    void aCommitThatMeetsLostAuthenticationFinishesAfterRecovery(int level) {
        SimulatedTransactionalProducer sim = open(level);
        SimulatedSasl sasl = new SimulatedSasl(sim.loop, "PLAIN").user("me", "old");
        sim.cluster.broker(1).authenticates(sasl);
        sim.cluster.broker(2).authenticates(sasl);
        sim.await(sim.producer.initAsync());
        sim.begin();
        sim.send(0, "a");
        sim.loop.advance(Duration.ofSeconds(1));
        sasl.user("me", "new"); // nobody notices while everything is idle
        sim.cluster.broker(1).closeConnections();
        sim.cluster.broker(2).closeConnections();
        sim.loop.advance(Duration.ofSeconds(5));

        CompletableFuture<TransactionOutcome> commit = sim.producer.commitAsync();
        sim.loop.advance(Duration.ofSeconds(20));
        assertThat(commit).isNotDone();
        credentials.change("me", "new");
        sim.loop.advance(Duration.ofSeconds(5));

        assertThat(commit).isCompletedWithValueMatching(TransactionOutcome.Committed.class::isInstance);
        assertThat(sim.committed(0)).containsExactly("a");
        sim.begin(); // without a fence
        sim.send(0, "b");
        assertThat(sim.commit()).isInstanceOf(TransactionOutcome.Committed.class);
        assertThat(sim.committed(0)).containsExactly("a", "b");
        assertThat(sasl.violations()).isEmpty();
    }

    @Test
    @Tag("row-101")
    void aRefusedClientCanBeInitialisedAgainAndHearsWhy() {
        SimulatedTransactionalProducer sim = open(2);
        SimulatedSasl sasl = new SimulatedSasl(sim.loop, "PLAIN").user("me", "new");
        sim.cluster.broker(1).authenticates(sasl);
        sim.cluster.broker(2).authenticates(sasl);
        CompletableFuture<Void> first = sim.producer.initAsync();
        sim.loop.advance(Duration.ofSeconds(70));
        assertThat(first)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("Invalid username or password");

        credentials.change("me", "new");
        sim.await(sim.producer.initAsync());
        sim.begin();
        sim.send(0, "a");
        assertThat(sim.commit()).isInstanceOf(TransactionOutcome.Committed.class);
    }
}
