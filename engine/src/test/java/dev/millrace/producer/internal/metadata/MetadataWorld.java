package dev.millrace.producer.internal.metadata;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.metadataSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Metadata of a simulated cluster: one node behind one bootstrap address, and topics as the test describes them. */
abstract class MetadataWorld {

    static final Duration SECOND = Duration.ofSeconds(1);

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedBroker bootstrap = network.broker("boot", 9092);
    final SimulatedBroker node = network.broker("b1", 9092);
    final Map<String, Consumer<MetadataAnswer>> topics = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    final List<List<String>> asked = new ArrayList<>();
    ClusterMetadata metadata = create(metadataSettings(bootstrap.address()));

    MetadataWorld() {
        describeOn(bootstrap);
        describeOn(node);
    }

    ClusterMetadata create(MetadataSettings settings) {
        ClusterMetadata created = new ClusterMetadata(loop, network, connectionSettings(), settings, noJitter());
        created.addListener(new MetadataListener() {
            @Override
            public void onUpdate(ClusterSnapshot snapshot) {
                events.add("update");
            }

            @Override
            public void onFailure(MetadataProblem problem) {
                events.add("failure");
            }
        });
        return created;
    }

    void describeOn(SimulatedBroker broker) {
        broker.on(ApiKey.METADATA, request -> request.answer(describe(request)));
    }

    MetadataResponse describe(SimulatedRequest request) {
        List<String> names = requireNonNull(request.body(MetadataRequest::read).topics());
        asked.add(names);
        MetadataAnswer answer = new MetadataAnswer().node(1, node);
        for (String name : names) {
            topics.getOrDefault(name, each -> each.refusedTopic(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))
                    .accept(answer);
        }
        return answer.build();
    }

    void start() {
        metadata.start();
        loop.advance(SECOND);
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(1);
        events.clear();
        asked.clear();
    }

    int attemptsAtBootstrap() {
        return (int)
                network.attempts().stream().filter(bootstrap.address()::equals).count();
    }
}
