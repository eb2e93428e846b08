package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionRenewalTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final SimulatedTransport network = new SimulatedTransport(loop);
    private final SimulatedBroker one = network.broker("one", 9092);
    private final SimulatedBroker two = network.broker("two", 9092);
    private final ConnectionCommons commons = ConnectionCommons.of("test");
    private final BrokerConnections mine = connections();
    private final BrokerConnections others = connections();
    private final List<SimulatedRequest> held = new ArrayList<>();
    private final List<BrokerConnection> lost = new ArrayList<>();

    private BrokerConnections connections() {
        return new BrokerConnections(
                loop,
                network,
                connectionSettings(),
                new ConnectionListener() {
                    @Override
                    public void onWritable(BrokerConnection connection) {}

                    @Override
                    public void onDisconnected(BrokerConnection connection, Throwable cause) {
                        lost.add(connection);
                    }
                },
                commons,
                noJitter());
    }

    private BrokerConnection ready(BrokerConnections owner, int nodeId, SimulatedBroker broker) {
        BrokerConnection connection = owner.connectionTo(nodeId, broker.address());
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.isReady()).isTrue();
        return connection;
    }

    private RecordingHandler<MetadataResponse> askAndHold(BrokerConnection connection, SimulatedBroker broker) {
        broker.on(ApiKey.METADATA, held::add);
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.send(new MetadataRequest(List.of("orders"), true), connection.version(ApiKey.METADATA), handler);
        loop.runReady();
        return handler;
    }

    private void answerHeld() {
        MetadataResponse answer = new MetadataAnswer().node(1, "one", 9092).build();
        List.copyOf(held).forEach(request -> request.answer(answer));
        held.clear();
        loop.runReady();
    }

    @Test
    void waitsForAnswersAndComesBackAtOnce() {
        BrokerConnection connection = ready(mine, 1, one);
        RecordingHandler<MetadataResponse> handler = askAndHold(connection, one);

        commons.renewal().renewAll("new keys");
        loop.advance(SECOND);

        assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
        assertThat(connection.canSend()).isFalse();
        assertThat(network.attempts()).hasSize(1);
        answerHeld();
        assertThat(handler.response()).isNotNull();
        assertThat(connection.isReady()).isTrue();
        assertThat(network.attempts()).hasSize(2);
        assertThat(lost).isEmpty();
    }

    @Test
    void waitsNoLongerThanTheRequestTimeout() {
        BrokerConnection connection = ready(mine, 1, one);
        RecordingHandler<MetadataResponse> handler = askAndHold(connection, one);

        commons.renewal().renewAll("new keys");
        loop.advance(Duration.ofSeconds(30));
        assertThat(handler.failure().kind()).isEqualTo(RequestFailure.Kind.TIMED_OUT);
        assertThat(lost).containsExactly(connection);
    }

    /** Another connection would not know of the pause, and the broker would not get it (KIP-219). */
    @Test
    void waitsForTheEndOfAPauseThatTheBrokerAskedFor() {
        BrokerConnection connection = ready(mine, 1, one);
        RecordingHandler<MetadataResponse> handler = askAndHold(connection, one);
        commons.renewal().renewAll("new keys");
        held.get(0).answer(ConnectedBroker.response(2_000));
        loop.advance(Duration.ofMillis(1_999));

        assertThat(handler.isOver()).isTrue();
        assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
        loop.advance(Duration.ofMillis(1));
        assertThat(connection.isReady()).isTrue();
        assertThat(network.attempts()).hasSize(2);
    }

    @Test
    void replacesOneConnectionAtATime() {
        BrokerConnection first = ready(mine, 1, one);
        BrokerConnection second = ready(others, 1, one);
        BrokerConnection third = ready(mine, 2, two);
        askAndHold(first, one);

        commons.renewal().renewAll("new keys");
        loop.runReady();

        assertThat(first.state()).isEqualTo(ConnectionState.DRAINING);
        assertThat(second.isReady()).isTrue();
        assertThat(third.isReady()).isTrue();
        assertThat(network.attempts()).hasSize(3);
        one.ignoreConnections();
        answerHeld();
        assertThat(first.state()).isEqualTo(ConnectionState.CONNECTING);
        assertThat(second.isReady()).isTrue();
        loop.advance(SECOND);
        assertThat(third.isReady()).isTrue();
        assertThat(network.attempts())
                .as("the next waits until the first is back")
                .hasSize(4);
    }

    @Test
    void replacesAllAcrossOwners() {
        ready(mine, 1, one);
        ready(others, 1, one);
        ready(others, 2, two);

        commons.renewal().renewAll("new keys");
        loop.runReady();

        assertThat(network.attempts())
                .containsExactly(
                        one.address(), one.address(), two.address(), one.address(), one.address(), two.address());
        assertThat(mine.all()).allMatch(BrokerConnection::isReady);
        assertThat(others.all()).allMatch(BrokerConnection::isReady);
    }

    @Test
    void goesOnWhenABrokerIsAway() {
        BrokerConnection first = ready(mine, 1, one);
        ready(mine, 2, two);
        one.on(ApiKey.METADATA, held::add);
        askAndHold(first, one);
        commons.renewal().renewAll("new keys");

        one.goDown();
        loop.runReady();

        assertThat(network.attempts()).endsWith(two.address());
    }

    @Test
    void startsAnAttemptUnderWayAnew() {
        one.ignoreConnections();
        BrokerConnection connection = mine.connectionTo(1, one.address());
        connection.ensureConnected();
        loop.runReady();

        commons.renewal().renewAll("new keys");
        loop.runReady();

        assertThat(network.attempts()).hasSize(2);
        assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTING);
        assertThat(connection.failures()).isZero();
    }

    @Test
    void leavesTheOthersAloneWhileBrokersRefuse() {
        BrokerConnection first = ready(mine, 1, one);
        BrokerConnection second = ready(mine, 2, two);
        network.refuse(one.address(), refusal());

        commons.renewal().renewAll("new keys");
        loop.advance(SECOND.multipliedBy(20));

        assertThat(first.lastFailure()).isInstanceOf(TlsHandshakeException.class);
        assertThat(second.isReady()).isTrue();
        assertThat(network.attempts().stream().filter(two.address()::equals)).hasSize(1);
        network.accept(one.address());
        loop.advance(SECOND.multipliedBy(40));
        assertThat(first.isReady()).isTrue();
        assertThat(network.attempts()).endsWith(two.address());
        assertThat(second.isReady()).isTrue();
    }

    @Test
    void goesFromBrokerToBroker() {
        ready(mine, 2, two);
        ready(others, 1, one);
        ready(others, 2, two);
        ready(mine, 1, one);

        commons.renewal().renewAll("new keys");
        loop.advance(SECOND);

        assertThat(network.attempts().subList(4, 8))
                .containsExactly(one.address(), one.address(), two.address(), two.address());
    }

    @Test
    void leavesAloneWhatCameBackByItselfMeanwhile() {
        BrokerConnection first = ready(mine, 1, one);
        BrokerConnection second = ready(mine, 2, two);
        askAndHold(first, one);
        commons.renewal().renewAll("new keys");
        two.closeConnections();
        loop.advance(SECOND);
        ready(mine, 2, two);
        assertThat(first.state()).isEqualTo(ConnectionState.DRAINING);

        answerHeld();
        loop.advance(SECOND);

        assertThat(first.isReady()).isTrue();
        assertThat(second.isReady()).isTrue();
        assertThat(network.attempts().stream().filter(two.address()::equals))
                .as("the first one, and the one after the loss")
                .hasSize(2);
    }

    @Test
    void goesOnWhenTheOwnerClosesTheOneWhoseTurnItIs() {
        BrokerConnection first = ready(mine, 1, one);
        ready(mine, 2, two);
        askAndHold(first, one);
        commons.renewal().renewAll("new keys");

        first.close("not needed");
        loop.advance(SECOND);

        assertThat(network.attempts()).endsWith(two.address()).hasSize(3);
    }

    @Test
    void refusalsAreFollowedByLongerPausesWhichEndWithAChange() {
        network.refuse(one.address(), refusal());
        BrokerConnection connection = mine.connectionTo(1, one.address());
        for (int second = 0; second < 250; second++) {
            connection.ensureConnected();
            loop.advance(SECOND);
        }
        int attempts = network.attempts().size();
        assertThat(attempts).as("1, 2, 4, 8, 16, then 30 s").isBetween(10, 13);

        network.accept(one.address());
        connection.ensureConnected();
        loop.advance(SECOND);
        assertThat(connection.isReady()).isFalse();
        commons.renewal().renewAll("new keys");
        loop.runReady();
        assertThat(connection.isReady()).isTrue();
    }

    private static TlsHandshakeException refusal() {
        return new TlsHandshakeException(
                "refused", FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION), null);
    }
}
