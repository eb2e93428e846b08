package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a connection comes to be, is lost, and comes back. */
class BrokerConnectionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private ConnectedBroker world = new ConnectedBroker(connectionSettings());
    private SimulatedEventLoop loop = world.loop;
    private SimulatedBroker broker = world.broker;
    private List<String> events = world.events;
    private BrokerConnection connection = world.connection;

    private void open(ConnectionSettings settings) {
        world = new ConnectedBroker(settings);
        loop = world.loop;
        broker = world.broker;
        events = world.events;
        connection = world.connection;
    }

    @Test
    void connectsOnDemandOnly() {
        loop.advance(SECOND);
        assertThat(world.network.attempts()).isEmpty();
        assertThat(connection.canSend()).isFalse();

        connection.ensureConnected();
        connection.ensureConnected();
        loop.runReady();

        assertThat(world.network.attempts()).hasSize(1);
        assertThat(connection.canSend()).isTrue();
        assertThat(events).containsExactly("writable");
        assertThat(broker.requests().get(0).header().apiVersion()).isEqualTo((short) 4);
        assertThat(broker.requests().get(0).header().clientId()).isEqualTo("test");
    }

    /** 6. */
    @Test
    @Tag("row-6")
    void asksAgainWithTheVersionTheBrokerNames() {
        broker.on(ApiKey.API_VERSIONS, request -> {
            if (request.version() == 4) {
                request.answer(unsupported(new ApiVersion((short) 18, (short) 0, (short) 3)));
            } else {
                request.answer(broker.versions());
            }
        });
        world.makeReady();
        assertThat(negotiatedWith()).containsExactly(4, 3);
    }

    /** 7. */
    @Test
    @Tag("row-7")
    void asksAgainWithTheFirstVersionIfTheBrokerNamesNone() {
        broker.on(ApiKey.API_VERSIONS, request -> {
            if (request.version() > 0) {
                request.answer(unsupported());
            } else {
                request.answer(broker.versions());
            }
        });
        world.makeReady();
        assertThat(negotiatedWith()).containsExactly(4, 0);
    }

    @Test
    void givesUpOnABrokerThatRefusesTheFirstVersion() {
        broker.on(ApiKey.API_VERSIONS, request -> request.answer(unsupported()));
        connection.ensureConnected();
        loop.runReady();
        assertThat(negotiatedWith()).containsExactly(4, 0);
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
        assertThat(connection.lastFailure()).hasMessageContaining("UNSUPPORTED_VERSION");
    }

    @Test
    void givesUpOnAnyOtherErrorInNegotiation() {
        broker.on(
                ApiKey.API_VERSIONS,
                request -> request.answer(
                        new ApiVersionsResponse(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, List.of(), 0, -1, Map.of())));
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.lastFailure()).hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED");
    }

    /** 9. */
    @Test
    @Tag("row-9")
    void ignoresApisItDoesNotKnow() {
        broker.on(ApiKey.API_VERSIONS, request -> {
            List<ApiVersion> offered = new ArrayList<>(broker.versions().apiVersions());
            offered.add(new ApiVersion((short) 999, (short) 0, (short) 7));
            request.answer(new ApiVersionsResponse(ErrorCode.NONE, offered, 0, 5, Map.of("new.feature", (short) 3)));
        });
        world.makeReady();
        assertThat(connection.versions().finalizedFeatureLevel("new.feature")).isEqualTo((short) 3);
    }

    /** 12. */
    @Test
    @Tag("row-12")
    void usesTheVersionsOfThisVeryBroker() {
        broker.speaks(ApiKey.METADATA, 0, 9).speaks(ApiKey.PRODUCE, 0, 13).speaks(ApiKey.INIT_PRODUCER_ID, 6, 9);
        world.makeReady();
        assertThat(connection.version(ApiKey.METADATA)).isEqualTo((short) 9);
        assertThat(connection.version(ApiKey.PRODUCE)).isEqualTo((short) 13);
        assertThatThrownBy(() -> connection.version(ApiKey.INIT_PRODUCER_ID))
                .isInstanceOf(UnsupportedApiException.class);
    }

    @Test
    void forgetsVersionsWithTheConnection() {
        world.makeReady();
        broker.closeConnections();
        loop.runReady();
        assertThatThrownBy(() -> connection.versions()).isInstanceOf(IllegalStateException.class);
        broker.speaks(ApiKey.METADATA, 7, 8);
        connection.ensureConnected();
        loop.advance(SECOND);
        assertThat(connection.version(ApiKey.METADATA)).isEqualTo((short) 8);
    }

    private static ApiVersionsResponse unsupported(ApiVersion... offered) {
        return new ApiVersionsResponse(ErrorCode.UNSUPPORTED_VERSION, List.of(offered), 0, -1, Map.of());
    }

    private List<Integer> negotiatedWith() {
        return broker.requests(ApiKey.API_VERSIONS).stream()
                .map(request -> (int) request.version())
                .toList();
    }

    @Test
    void timesOutANegotiationThatIsNotAnswered() {
        broker.on(ApiKey.API_VERSIONS, request -> {});
        connection.ensureConnected();
        loop.advance(Duration.ofSeconds(30));
        assertThat(connection.lastFailure()).hasMessageContaining("API_VERSIONS v4");
        assertThat(connection.failures()).isEqualTo(1);
    }

    /** 67 and 70 (KIP-601). */
    @Test
    @Tag("row-67")
    @Tag("row-70")
    void givesEachAttemptToConnectMoreTime() {
        broker.ignoreConnections();
        List<Duration> lengths = new ArrayList<>();
        for (int attempt = 1; attempt <= 4; attempt++) {
            connection.ensureConnected();
            loop.advanceUntil(() -> connection.state() == ConnectionState.CONNECTING, SECOND.multipliedBy(2));
            Duration start = loop.elapsed();
            loop.advanceUntil(() -> connection.state() != ConnectionState.CONNECTING, Duration.ofMinutes(1));
            lengths.add(loop.elapsed().minus(start));
        }
        assertThat(lengths)
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(30));
        assertThat(connection.lastFailure())
                .hasMessage("no connection to kafka:9092 within 30000 ms (setup timeout,"
                        + " app.producer.connection.setup-timeout (socket.connection.setup.timeout.ms)), waited for the"
                        + " TCP connection");
    }

    /** 70. */
    @Test
    @Tag("row-70")
    void pausesLongerAfterEachFailureAndStartsOverWhenReady() {
        broker.goDown();
        List<Long> pauses = new ArrayList<>();
        for (int attempt = 1; attempt <= 7; attempt++) {
            pauses.add(failOnceAndMeasurePause());
        }
        assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
        assertThat(connection.lastFailure()).hasMessage("nothing listens at kafka:9092 (connection refused)");

        broker.comeUp();
        connection.ensureConnected();
        loop.advance(SECOND);
        assertThat(connection.isReady()).isTrue();
        assertThat(connection.lastFailure()).isNull();
        broker.goDown();
        loop.runReady();
        assertThat(measurePause()).isEqualTo(50L);
    }

    private long failOnceAndMeasurePause() {
        connection.ensureConnected();
        loop.runReady();
        return measurePause();
    }

    private long measurePause() {
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
        Duration start = loop.elapsed();
        loop.advanceUntil(() -> connection.state() == ConnectionState.IDLE, Duration.ofSeconds(5));
        return loop.elapsed().minus(start).toMillis();
    }

    @Test
    void reconnectsByItselfOnlyIfSomebodyWaits() {
        world.makeReady();
        broker.closeConnections();
        loop.advance(SECOND);
        assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);

        world.makeReady();
        broker.closeConnections();
        loop.runReady();
        connection.ensureConnected();
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
        loop.advance(Duration.ofMillis(50));
        assertThat(connection.isReady()).isTrue();
    }

    /** 69. */
    @Test
    @Tag("row-69")
    void closesAConnectionNobodyUses() {
        open(connectionSettings(5, Duration.ofMinutes(9), Duration.ofMinutes(1)));
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        world.makeReady();
        loop.advance(Duration.ofSeconds(40));
        world.ask();
        loop.advance(Duration.ofMinutes(3));
        assertThat(connection.isReady()).as("a request is in flight").isTrue();
        held.get(0).answer(ConnectedBroker.response(0));
        loop.advance(Duration.ofSeconds(59));
        assertThat(connection.isReady()).isTrue();

        loop.advance(Duration.ofMinutes(1));
        assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
        assertThat(events).doesNotContain("disconnected");
        world.makeReady();
    }

    @Test
    @Tag("row-69")
    void keepsIdleConnectionsIfToldSo() {
        open(connectionSettings(5, SECOND, Duration.ofMillis(-1)));
        world.makeReady();
        loop.advance(Duration.ofDays(30));
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        world.makeReady();
        connection.close("test");
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(loop.pendingTasks()).isZero();
        assertThat(world.network.attempts()).hasSize(1);
    }

    @Test
    void givesANodeThatMovedANewConnection() {
        BrokerConnections connections = new BrokerConnections(
                loop,
                world.network,
                connectionSettings(),
                new SilentListener(),
                ConnectionCommons.of("test"),
                noJitter());
        BrokerConnection old = connections.connectionTo(1, broker.address());
        old.ensureConnected();
        loop.runReady();
        BrokerConnection moved = connections.connectionTo(1, new BrokerAddress("other", 9092));
        loop.runReady();
        assertThat(moved).isNotSameAs(old).isSameAs(connections.find(1));
        assertThat(old.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(connections.connectionTo(-1, broker.address())).isNotSameAs(old);
    }

    private static final class SilentListener implements ConnectionListener {

        @Override
        public void onWritable(BrokerConnection connection) {}

        @Override
        public void onDisconnected(BrokerConnection connection, Throwable cause) {}
    }
}
