package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.network.RequestFailure.Kind;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of requests over a connection, with and without an answer. */
class BrokerConnectionRequestsTest {

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
    void matchesResponsesInOrder() {
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        world.makeReady();
        RecordingHandler<MetadataResponse> first = world.ask();
        RecordingHandler<MetadataResponse> second = world.ask();
        loop.runReady();
        assertThat(connection.inFlight()).isEqualTo(2);

        held.get(0).answer(ConnectedBroker.response(0));
        loop.runReady();
        assertThat(first.response()).isEqualTo(ConnectedBroker.response(0));
        assertThat(second.isOver()).isFalse();
        held.get(1).answer(ConnectedBroker.response(0));
        loop.runReady();
        assertThat(second.response()).isEqualTo(ConnectedBroker.response(0));
        assertThat(events).containsExactly("writable", "writable");
    }

    /** 14 and T9. */
    @Test
    @Tag("row-14")
    @Tag("T9")
    void failsEverythingWhenAResponseBelongsToNobody() {
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        world.makeReady();
        RecordingHandler<MetadataResponse> first = world.ask();
        RecordingHandler<MetadataResponse> second = world.ask();
        loop.runReady();

        held.get(1).answer(ConnectedBroker.response(0));
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
        world.makeReady();
        RecordingHandler<MetadataResponse> first = world.ask();
        RecordingHandler<MetadataResponse> second = world.ask();
        loop.runReady();
        assertThat(first.failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(second.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(connection.state()).isEqualTo(ConnectionState.BACKING_OFF);
    }

    @Test
    void failsRequestsInFlightWhenTheBrokerCloses() {
        broker.on(ApiKey.METADATA, SimulatedRequest::closeConnection);
        world.makeReady();
        RecordingHandler<MetadataResponse> handler = world.ask();
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(handler.failure().mayHaveReachedBroker()).isTrue();
    }

    @Test
    void sendsNoMoreThanTheWindowAllows() {
        open(connectionSettings(2, Duration.ofSeconds(30), Duration.ofMinutes(9)));
        broker.on(ApiKey.METADATA, request -> {});
        world.makeReady();
        world.ask();
        assertThat(connection.canSend()).isTrue();
        world.ask();
        assertThat(connection.canSend()).isFalse();

        RecordingHandler<MetadataResponse> third = world.ask();
        assertThat(third.isOver()).as("never from within send").isFalse();
        loop.runReady();
        assertThat(third.failure().kind()).isEqualTo(Kind.NOT_SENT);
        assertThat(broker.requests(ApiKey.METADATA)).hasSize(2);
    }

    @Test
    void refusesWhatItCannotEncode() {
        world.makeReady();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.send(ConnectedBroker.request(), (short) 99, handler);
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.NOT_SENT);
        assertThat(connection.inFlight()).isZero();
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void goesOnWhenAHandlerThrows() {
        broker.on(ApiKey.METADATA, request -> request.answer(ConnectedBroker.response(0)));
        world.makeReady();
        connection.send(ConnectedBroker.request(), (short) 12, new ResponseHandler<>() {
            @Override
            public void onResponse(MetadataResponse arrived) {
                throw new AssertionError("handler's own mistake");
            }

            @Override
            public void onFailure(RequestFailure failure) {
                throw new AssertionError(failure.detail());
            }
        });
        RecordingHandler<MetadataResponse> second = world.ask();
        loop.runReady();
        assertThat(second.response()).isEqualTo(ConnectedBroker.response(0));
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void completesAOneWayRequestWhenItIsWritten() {
        broker.on(ApiKey.METADATA, request -> {});
        world.makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.sendOneWay(ConnectedBroker.request(), (short) 12, handler);
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
        world.makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> oneWay = new RecordingHandler<>();
        connection.sendOneWay(ConnectedBroker.request(), (short) 12, oneWay);
        RecordingHandler<MetadataResponse> handler = world.ask();
        broker.closeConnections();
        loop.runReady();
        assertThat(oneWay.failure().mayHaveReachedBroker()).isFalse();
        assertThat(handler.failure().mayHaveReachedBroker()).isFalse();
    }

    /** 60 (KAFKA-14317). */
    @Test
    @Tag("row-60")
    void closesTheConnectionWhenTheOldestRequestTimesOut() {
        broker.on(ApiKey.METADATA, request -> {});
        world.makeReady();
        RecordingHandler<MetadataResponse> first = world.ask();
        loop.advance(Duration.ofSeconds(10));
        RecordingHandler<MetadataResponse> second = world.ask();
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
        world.makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.sendOneWay(ConnectedBroker.request(), (short) 12, handler);
        loop.advance(Duration.ofSeconds(30));
        assertThat(handler.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(handler.failure().mayHaveReachedBroker()).isFalse();
    }

    @Test
    @Tag("row-46")
    void reportsNoFailureBeforeTheTransportLetGoOfTheBuffers() {
        world.makeReady();
        broker.stopReading();
        RecordingHandler<MetadataResponse> handler = world.ask();
        connection.close("test");
        assertThat(handler.isOver()).isFalse();
        assertThat(connection.state()).isEqualTo(ConnectionState.DISCONNECTING);
        loop.runReady();
        assertThat(handler.failure().kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(events).isEmpty();
    }

    /** 65 (KIP-219). */
    @Test
    @Tag("row-65")
    void isSilentWhileThrottledAndGivesRequestsMoreTime() {
        open(connectionSettings(5, SECOND, Duration.ofMinutes(9)));
        List<SimulatedRequest> held = new ArrayList<>();
        broker.on(ApiKey.METADATA, held::add);
        world.makeReady();
        RecordingHandler<MetadataResponse> first = world.ask();
        RecordingHandler<MetadataResponse> second = world.ask();
        loop.runReady();
        held.get(0).answer(ConnectedBroker.response(2000));
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
        world.makeReady();
        world.ask();
        world.ask();
        loop.runReady();
        held.get(0).answer(ConnectedBroker.response(3000));
        held.get(1).answer(ConnectedBroker.response(100));
        loop.advance(Duration.ofMillis(2999));
        assertThat(connection.canSend()).isFalse();
        loop.advance(Duration.ofMillis(1));
        assertThat(connection.canSend()).isTrue();
    }
}
