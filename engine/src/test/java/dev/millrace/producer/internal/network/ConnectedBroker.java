package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import java.util.ArrayList;
import java.util.List;

/** A connection to one broker in memory, and what its owner hears. */
final class ConnectedBroker {

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedBroker broker = network.broker("kafka", 9092);
    final List<String> events = new ArrayList<>();
    final BrokerConnection connection;

    ConnectedBroker(ConnectionSettings settings) {
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
        connection = new BrokerConnections(loop, network, settings, listener, ConnectionCommons.of("test"), noJitter())
                .connectionTo(1, broker.address());
    }

    void makeReady() {
        connection.ensureConnected();
        loop.runReady();
        assertThat(connection.isReady()).isTrue();
        events.clear();
    }

    RecordingHandler<MetadataResponse> ask() {
        RecordingHandler<MetadataResponse> handler = new RecordingHandler<>();
        connection.send(request(), connection.version(ApiKey.METADATA), handler);
        return handler;
    }

    static MetadataRequest request() {
        return new MetadataRequest(List.of("orders"), true);
    }

    static MetadataResponse response(int throttleTimeMillis) {
        MetadataResponse plain =
                new MetadataAnswer().node(1, "kafka", 9092).topic("orders", 1).build();
        return new MetadataResponse(throttleTimeMillis, plain.brokers(), "cluster", 1, plain.topics(), ErrorCode.NONE);
    }
}
