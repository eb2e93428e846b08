package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.START_MILLIS;
import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that prove who they are, and brokers that do not believe them. */
class SaslScenariosTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String SECRET = "hunter2hunter2";

    private final ChangingCredentials credentials = new ChangingCredentials("me", SECRET);
    private final Tokens tokens = new Tokens();

    private SimulatedProducer sim = plain(1);
    private SimulatedSasl sasl = new SimulatedSasl(sim.loop);

    private SimulatedProducer plain(int nodes) {
        return open(nodes, SaslMechanism.PLAIN, config -> config);
    }

    private SimulatedProducer open(int nodes, SaslMechanism mechanism, UnaryOperator<ProducerConfig.Builder> more) {
        SimulatedProducer made = new SimulatedProducer(
                nodes,
                config -> more.apply(config.linger(Duration.ZERO)
                        .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                        .saslMechanism(mechanism)
                        .saslCredentials(credentials)
                        .saslTokens(tokens)));
        sim = made;
        sasl = new SimulatedSasl(made.loop, mechanism.wireName())
                .user("me", SECRET)
                .token("token.1");
        for (int node = 1; node <= nodes; node++) {
            made.cluster.broker(node).authenticates(sasl);
        }
        tokens.now = () -> Instant.ofEpochMilli(START_MILLIS).plus(made.loop.elapsed());
        return made;
    }

    /** Numbered tokens with a life, and a supplier that can fail. */
    private static final class Tokens implements TokenSupplier {
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

    private int connections(int nodes) {
        int open = 0;
        for (int node = 1; node <= nodes; node++) {
            open += sim.cluster.broker(node).connections();
        }
        return open;
    }

    private void sendFor(Duration time, int partitions) {
        for (long millis = time.toMillis(); millis > 0; millis--) {
            for (int partition = 0; partition < partitions; partition++) {
                sim.send(partition, "r" + sim.sent.size());
            }
            sim.loop.advance(MILLI);
        }
    }

    private void assertNothingLostOrReordered(int partitions) {
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

    // the beginning

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = "GSSAPI", mode = EnumSource.Mode.EXCLUDE)
    void everyMechanismGetsIn(SaslMechanism mechanism) {
        open(2, mechanism, config -> config);
        sim.cluster.topic(TOPIC, 1, 2);
        sendFor(Duration.ofMillis(20), 2);

        assertNothingLostOrReordered(2);
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

        credentials.change("me", "new");
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
        credentials.become("me", "new"); // after the first call gave the old one
        sim.login.takes(() -> Duration.ZERO);
        sim.loop.advance(SECOND);
        Sent record = sim.send(0, "r");
        sim.loop.advance(SECOND);

        assertThat(record.isDelivered()).isTrue();
    }

    // renewal

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

        assertNothingLostOrReordered(2);
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
        sendFor(Duration.ofSeconds(30), 1);

        assertNothingLostOrReordered(1);
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
        sendFor(Duration.ofSeconds(5), 1);

        assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
        assertThat(sasl.renewals()).isZero();
    }

    @Test
    void aRenewalThatIsRefusedCostsTheConnectionAndNoRecord() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.sessions(Duration.ofSeconds(10));
        sim.cluster.topic(TOPIC, 1);
        sendFor(SECOND, 1);
        sasl.user("me", "new");
        sendFor(Duration.ofSeconds(12), 1);
        assertThat(sim.sent.size() - sim.completed.size()).isPositive();
        assertThat(sim.sent).noneMatch(each -> each.failure != null); // the cluster was reached: they wait

        credentials.change("me", "new");
        sim.loop.advance(Duration.ofMillis(100));
        assertNothingLostOrReordered(1);
    }

    @Test
    void recordsOfAClusterThatWasReachedWaitUntilTheirDeadlineAndNameTheRefusal() {
        open(1, SaslMechanism.PLAIN, config -> config.deliveryTimeout(MINUTE));
        sasl.sessions(Duration.ofSeconds(10));
        sim.cluster.topic(TOPIC, 1);
        sendFor(SECOND, 1);
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
        sendFor(Duration.ofMillis(500), 1);
        for (int i = 0; i < 5; i++) {
            sim.cluster.broker(1).closeConnections();
            sendFor(SECOND, 1);
        }

        assertNothingLostOrReordered(1);
    }

    // suppliers

    @Test
    void tokensAreFetchedAheadOfTheirEnd() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        tokens.life = Duration.ofMinutes(10);
        sasl.sessions(Duration.ofMinutes(2));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofMinutes(4));
        assertThat(tokens.calls).isEqualTo(1);
        tokens.number = 2;
        sasl.token("token.2");
        sim.loop.advance(Duration.ofMinutes(2)); // 8 minutes would be 80 %, the buffer of 5 comes first
        assertThat(tokens.calls).isEqualTo(2);
        sasl.revokeTokens();
        sasl.token("token.2");
        sim.loop.advance(Duration.ofMinutes(4));
        sim.sendAlone(0, "second");

        assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
    }

    @Test
    void aSupplierThatThrowsKeepsTheSessionAndIsAskedAgain() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        tokens.life = Duration.ofSeconds(30);
        sasl.sessions(Duration.ofSeconds(20));
        sim.cluster.topic(TOPIC, 1);
        sendFor(SECOND, 1);
        tokens.throwing = true;
        sendFor(Duration.ofSeconds(40), 1);
        int calls = tokens.calls;
        assertThat(calls).isBetween(3, 12);

        Sent record = sim.send(0, "waits");
        sim.loop.advance(Duration.ofSeconds(20));
        assertThat(record.isDone()).isFalse();
        tokens.throwing = false;
        sim.loop.advance(Duration.ofSeconds(11));

        assertNothingLostOrReordered(1);
        assertThat(sasl.expiries()).isZero();
    }

    @Test
    void theMessageNamesASupplierThatThrows() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config.maxBlock(MINUTE));
        tokens.throwing = true;
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofSeconds(50));
        assertThat(record.isDone()).isFalse(); // it may be there again at any time

        sim.loop.advance(Duration.ofSeconds(20));
        assertThat(record.failure())
                .hasMessageContaining("no credentials from tokens of the test")
                .hasMessageContaining("authorization server away");
        assertThat(tokens.calls).isLessThan(15);
    }

    @Test
    void aTokenThatHasEndedIsNotSent() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config.maxBlock(MINUTE));
        tokens.life = Duration.ofSeconds(-5);
        Sent record = sim.send(0, "r");
        sim.loop.advance(MINUTE.plus(SECOND));

        assertThat(record.failure()).hasMessageContaining("the token of tokens of the test ended 5000 ms ago");
        assertThat(sasl.attempts()).isEmpty();
    }

    @Test
    void aSupplierThatDoesNotAnswerHoldsUpNothingWhileItsLastTokenLives() {
        open(1, SaslMechanism.OAUTHBEARER, config -> config);
        tokens.life = Duration.ofMinutes(20);
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
        sendFor(SECOND, 1);

        assertNothingLostOrReordered(1);
        assertThat(tokens.calls).isEqualTo(1);
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
        sendFor(SECOND, 2);
        int before = sasl.successes();
        int connections = connections(2);
        sasl.user("me", "new");
        credentials.change("me", "new");
        sendFor(SECOND, 2);

        assertNothingLostOrReordered(2);
        assertThat(sasl.successes()).isEqualTo(before + connections);
        assertThat(connections(2)).isEqualTo(connections);
        assertThat(sasl.renewals()).isZero();
    }

    @Test
    void aNewPasswordThatIsWrongLeavesWhatWorks() {
        open(2, SaslMechanism.PLAIN, config -> config);
        sim.cluster.topic(TOPIC, 1, 2);
        sendFor(SECOND, 2);
        credentials.change("me", "typo");
        sendFor(Duration.ofSeconds(3), 2);
        credentials.change("me", SECRET);
        sendFor(SECOND, 2);

        assertNothingLostOrReordered(2);
    }

    @Test
    void manyConnectionsAskTheSupplierOnce() {
        open(5, SaslMechanism.SCRAM_SHA_256, config -> config);
        sim.login.takes(() -> Duration.ofMillis(50));
        sim.cluster.topic(TOPIC, 1, 2, 3, 4, 5);
        sendFor(SECOND, 5);

        assertNothingLostOrReordered(5);
        assertThat(credentials.calls).isEqualTo(1);
    }

    @Test
    void nothingShowsThePassword() {
        open(1, SaslMechanism.PLAIN, config -> config);
        sasl.user("me", "another");
        List<@Nullable Object> shown =
                List.of(credentials.get(), CredentialsSupplier.of(credentials.get()), Token.withoutEnd(SECRET));
        assertThat(shown).allSatisfy(each -> assertThat(String.valueOf(each)).doesNotContain(SECRET));
    }
}
