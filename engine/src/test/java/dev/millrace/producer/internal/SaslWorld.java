package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A producer that authenticates, and brokers that know one user and one token, in controlled time. */
final class SaslWorld {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    static final String SECRET = "hunter2hunter2";

    final ChangingCredentials credentials = new ChangingCredentials("me", SECRET);
    final Tokens tokens = new Tokens();

    final SimulatedProducer sim;
    final SimulatedSasl sasl;

    SaslWorld(int nodes, SaslMechanism mechanism, UnaryOperator<ProducerConfig.Builder> more) {
        sim = new SimulatedProducer(
                nodes,
                config -> more.apply(config.linger(Duration.ZERO)
                        .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                        .saslMechanism(mechanism)
                        .saslCredentials(credentials)
                        .saslTokens(tokens)));
        sasl = new SimulatedSasl(sim.loop, mechanism.wireName())
                .user("me", SECRET)
                .token("token.1");
        for (int node = 1; node <= nodes; node++) {
            sim.cluster.broker(node).authenticates(sasl);
        }
        tokens.now = () -> Instant.ofEpochMilli(START_MILLIS).plus(sim.loop.elapsed());
    }

    /** Numbered tokens with a life, and a supplier that can fail. */
    static final class Tokens implements TokenSupplier {
        Supplier<Instant> now = () -> Instant.EPOCH;
        Duration life = Duration.ofHours(1);
        int calls;
        int number = 1;
        boolean throwing;

        @Override
        public Token get() {
            calls++;
            if (throwing) {
                throw new IllegalStateException("authorization server away");
            }
            return Token.of("token." + number, now.get().plus(life));
        }

        @Override
        public String name() {
            return "tokens of the test";
        }
    }

    int connections(int nodes) {
        int open = 0;
        for (int node = 1; node <= nodes; node++) {
            open += sim.cluster.broker(node).connections();
        }
        return open;
    }

    void sendFor(Duration time, int partitions) {
        for (long millis = time.toMillis(); millis > 0; millis--) {
            for (int partition = 0; partition < partitions; partition++) {
                sim.send(partition, "r" + sim.sent.size());
            }
            sim.loop.advance(MILLI);
        }
    }

    void assertNothingLostOrReordered(int partitions) {
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered).allMatch(each -> each.calls == 1);
        for (int partition = 0; partition < partitions; partition++) {
            int number = partition;
            assertThat(sim.log(partition))
                    .isEqualTo(SimulatedProducer.values(sim.sent.stream()
                            .filter(each -> Objects.equals(each.partition, number))
                            .toList()));
        }
        assertThat(sasl.violations()).isEmpty();
    }
}
