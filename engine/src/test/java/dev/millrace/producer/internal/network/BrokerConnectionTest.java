package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.RequestFailure.Kind;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
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
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BrokerConnectionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final SimulatedTransport network = new SimulatedTransport(loop);
    private final SimulatedBroker broker = network.broker("kafka", 9092);
    private final List<String> events = new ArrayList<>();
    private BrokerConnection connection = connect(connectionSettings());

    private BrokerConnection connect(ConnectionSettings settings) {
        ConnectionListener listener = new ConnectionListener() {
            @Override
            public void onWritable(BrokerConnection writable) {
                assertThat(writable.canSend()).isTrue();
                events.add("writable");
            }

            @Override
            public void onDisconnected(BrokerConnection lost, Throwable cause) {
                assertThat(lost.inFlight()).isZero();
                events.add("disconnected");
            }
        };
        return new BrokerConnections(loop, network, settings, listener, ConnectionCommons.of("test"), noJitter())
                .connectionTo(1, broker.address());
    }

    private void makeReady() {
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.isReady()).isTrue();
        events.clear();
    }

    private RecordingHandler<MetadataResponse> ask() {
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.send(request(), connection.version(ApiKey.METADATA), handler);
        return handler;
    }

    private static MetadataRequest request() {
        return new MetadataRequest(List.of("orders"), true);
    }

    private static MetadataResponse response(int throttleTimeMillis) {
        MetadataResponse plain =
                new MetadataAnswer().node(1, "kafka", 9092).topic("orders", 1).build();
        return new MetadataResponse(throttleTimeMillis, plain.brokers(), "cluster", 1, plain.topics(), ErrorCode.NONE);
    }

    // negotiation

    @Test
    void connectsOnDemandOnly() {
        loop.advance(SECOND);
        assertThat(network.attempts()).isEmpty();
        assertThat(connection.canSend()).isFalse();

        connection.ensureConnected();
        connection.ensureConnected();
        loop.runReady();

        assertThat(network.attempts()).hasSize(1);
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
        makeReady();
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
        makeReady();
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
        makeReady();
        assertThat(connection.versions().finalizedFeatureLevel("new.feature")).isEqualTo((short) 3);
    }

    /** 12. */
    @Test
    @Tag("row-12")
    void usesTheVersionsOfThisVeryBroker() {
        broker.speaks(ApiKey.METADATA, 0, 9).speaks(ApiKey.PRODUCE, 0, 13).speaks(ApiKey.INIT_PRODUCER_ID, 6, 9);
        makeReady();
        assertThat(connection.version(ApiKey.METADATA)).isEqualTo((short) 9);
        assertThat(connection.version(ApiKey.PRODUCE)).isEqualTo((short) 13);
        assertThatThrownBy(() -> connection.version(ApiKey.INIT_PRODUCER_ID))
                .isInstanceOf(UnsupportedApiException.class);
    }

    @Test
    void forgetsVersionsWithTheConnection() {
        makeReady();
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

    // requests and responses

    @Test
    void matchesResponsesInOrder() {
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        makeReady();
        RecordingHandler<MetadataResponse> first = ask();
        RecordingHandler<MetadataResponse> second = ask();
        loop.runReady();
        assertThat(connection.inFlight()).isEqualTo(2);

        held.get(0).answer(response(0));
        loop.runReady();
        assertThat(first.response()).isEqualTo(response(0));
        assertThat(second.isOver()).isFalse();
        held.get(1).answer(response(0));
        loop.runReady();
        assertThat(second.response()).isEqualTo(response(0));
        assertThat(events).containsExactly("writable", "writable");
    }

    /** 14 and T9. */
    @Test
    @Tag("row-14")
    @Tag("T9")
    void failsEverythingWhenAResponseBelongsToNobody() {
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        makeReady();
        RecordingHandler<MetadataResponse> first = ask();
        RecordingHandler<MetadataResponse> second = ask();
        loop.runReady();

        held.get(1).answer(response(0));
        loop.runReady();

        assertThat(first.failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(first.failure().detail()).contains("correlation=2").contains("1 is next");
        assertThat(second.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(second.failure().mayHaveReachedBroker()).isTrue();
        assertThat(events).containsExactly("disconnected");
        assertThat(broker.connections()).isZero();
    }

    /** T9. */
    @Test
    @Tag("T9")
    void failsEverythingWhenAResponseIsUnreadable() {
        broker.on(ApiKey.METADATA, request -> request.answerRaw((byte) 1, (byte) 2, (byte) 3));
        makeReady();
        RecordingHandler<MetadataResponse> first = ask();
        RecordingHandler<MetadataResponse> second = ask();
        loop.runReady();
        assertThat(first.failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(second.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
    }

    @Test
    void failsRequestsInFlightWhenTheBrokerCloses() {
        broker.on(ApiKey.METADATA, SimulatedRequest::closeConnection);
        makeReady();
        RecordingHandler<MetadataResponse> handler = ask();
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(handler.failure().mayHaveReachedBroker()).isTrue();
    }

    @Test
    void sendsNoMoreThanTheWindowAllows() {
        connection = connect(connectionSettings(2, Duration.ofSeconds(30), Duration.ofMinutes(9)));
        broker.on(ApiKey.METADATA, request -> {});
        makeReady();
        ask();
        assertThat(connection.canSend()).isTrue();
        ask();
        assertThat(connection.canSend()).isFalse();

        RecordingHandler<MetadataResponse> third = ask();
        assertThat(third.isOver()).as("never from within send").isFalse();
        loop.runReady();
        assertThat(third.failure().kind()).isEqualTo(Kind.NOT_SENT);
        assertThat(broker.requests(ApiKey.METADATA)).hasSize(2);
    }

    @Test
    void refusesWhatItCannotEncode() {
        makeReady();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.send(request(), (short) 99, handler);
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.NOT_SENT);
        assertThat(connection.inFlight()).isZero();
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void goesOnWhenAHandlerThrows() {
        broker.on(ApiKey.METADATA, request -> request.answer(response(0)));
        makeReady();
        connection.send(request(), (short) 12, new ResponseHandler<>() {
            @Override
            public void onResponse(MetadataResponse arrived) {
                throw new AssertionError("handler's own mistake");
            }

            @Override
            public void onFailure(RequestFailure failure) {
                throw new AssertionError(failure.detail());
            }
        });
        RecordingHandler<MetadataResponse> second = ask();
        loop.runReady();
        assertThat(second.response()).isEqualTo(response(0));
        assertThat(connection.isReady()).isTrue();
    }

    // requests without response

    @Test
    void completesAOneWayRequestWhenItIsWritten() {
        broker.on(ApiKey.METADATA, request -> {});
        makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.sendOneWay(request(), (short) 12, handler);
        loop.runReady();
        assertThat(handler.isOver()).isFalse();
        assertThat(connection.inFlight()).isEqualTo(1);

        broker.resumeReading();
        loop.runReady();
        assertThat(handler.isWritten()).isTrue();
        assertThat(connection.inFlight()).isZero();
        assertThat(events).containsExactly("writable");
    }

    @Test
    void knowsThatARequestThatWasNotWrittenDidNotReachTheBroker() {
        makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> oneWay = new RecordingHandler<>();
        connection.sendOneWay(request(), (short) 12, oneWay);
        RecordingHandler<MetadataResponse> handler = ask();
        broker.closeConnections();
        loop.runReady();
        assertThat(oneWay.failure().mayHaveReachedBroker()).isFalse();
        assertThat(handler.failure().mayHaveReachedBroker()).isFalse();
    }

    // timeouts

    /** 60 (KAFKA-14317). */
    @Test
    @Tag("row-60")
    void closesTheConnectionWhenTheOldestRequestTimesOut() {
        broker.on(ApiKey.METADATA, request -> {});
        makeReady();
        RecordingHandler<MetadataResponse> first = ask();
        loop.advance(Duration.ofSeconds(10));
        RecordingHandler<MetadataResponse> second = ask();
        loop.advance(Duration.ofMillis(19_999));
        assertThat(first.isOver()).isFalse();

        loop.advance(Duration.ofMillis(1));
        assertThat(first.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(first.failure().detail()).contains("kafka:9092").contains("30000 ms");
        assertThat(second.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(events).containsExactly("disconnected");
    }

    @Test
    void timesOutRequestsThatAreNeverWritten() {
        makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.sendOneWay(request(), (short) 12, handler);
        loop.advance(Duration.ofSeconds(30));
        assertThat(handler.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(handler.failure().mayHaveReachedBroker()).isFalse();
    }

    @Test
    @Tag("row-46")
    void reportsNoFailureBeforeTheTransportLetGoOfTheBuffers() {
        makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = ask();
        connection.close("test");
        assertThat(handler.isOver()).isFalse();
        assertThat(connection.state()).isEqualTo(ConnectionState.DISCONNECTING);
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(events).isEmpty();
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

    // reconnects

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
        makeReady();
        broker.closeConnections();
        loop.advance(SECOND);
        assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);

        makeReady();
        broker.closeConnections();
        loop.runReady();
        connection.ensureConnected();
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
        loop.advance(Duration.ofMillis(50));
        assertThat(connection.isReady()).isTrue();
    }

    // throttling

    /** 65 (KIP-219). */
    @Test
    @Tag("row-65")
    void isSilentWhileThrottledAndGivesRequestsMoreTime() {
        connection = connect(connectionSettings(5, SECOND, Duration.ofMinutes(9)));
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        makeReady();
        RecordingHandler<MetadataResponse> first = ask();
        RecordingHandler<MetadataResponse> second = ask();
        loop.runReady();
        held.get(0).answer(response(2000));
        loop.runReady();

        assertThat(first.isOver()).isTrue();
        assertThat(connection.canSend()).isFalse();
        loop.advance(Duration.ofMillis(1999));
        assertThat(connection.canSend()).isFalse();
        assertThat(second.isOver()).as("has 1 s + 2 s").isFalse();
        assertThat(events).isEmpty();

        loop.advance(Duration.ofMillis(1));
        assertThat(connection.canSend()).isTrue();
        assertThat(events).containsExactly("writable");
        loop.advance(SECOND);
        assertThat(second.failure().kind()).isEqualTo(Kind.TIMED_OUT);
    }

    @Test
    void keepsTheLaterEndOfTwoThrottles() {
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        makeReady();
        ask();
        ask();
        loop.runReady();
        held.get(0).answer(response(3000));
        held.get(1).answer(response(100));
        loop.advance(Duration.ofMillis(2999));
        assertThat(connection.canSend()).isFalse();
        loop.advance(Duration.ofMillis(1));
        assertThat(connection.canSend()).isTrue();
    }

    // idle connections

    /** 69. */
    @Test
    @Tag("row-69")
    void closesAConnectionNobodyUses() {
        connection = connect(connectionSettings(5, Duration.ofMinutes(9), Duration.ofMinutes(1)));
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        makeReady();
        loop.advance(Duration.ofSeconds(40));
        ask();
        loop.advance(Duration.ofMinutes(3));
        assertThat(connection.isReady()).as("a request is in flight").isTrue();
        held.get(0).answer(response(0));
        loop.advance(Duration.ofSeconds(59));
        assertThat(connection.isReady()).isTrue();

        loop.advance(Duration.ofMinutes(1));
        assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
        assertThat(events).doesNotContain("disconnected");
        makeReady();
    }

    @Test
    @Tag("row-69")
    void keepsIdleConnectionsIfToldSo() {
        connection = connect(connectionSettings(5, SECOND, Duration.ofMillis(-1)));
        makeReady();
        loop.advance(Duration.ofDays(30));
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        makeReady();
        connection.close("test");
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(loop.pendingTasks()).isZero();
        assertThat(network.attempts()).hasSize(1);
    }

    @Test
    void givesANodeThatMovedANewConnection() {
        BrokerConnections connections = new BrokerConnections(
                loop, network, connectionSettings(), new SilentListener(), ConnectionCommons.of("test"), noJitter());
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
