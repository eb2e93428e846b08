package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.ProduceCall;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which versions requests are sent in, with brokers that are older or know less. */
class VersionScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedProducer sim = new SimulatedProducer(1, config -> config.linger(Duration.ZERO));

    @Test
    void produceGoesByTopicIdWhereItIsKnown() {
        sim.cluster.topic(TOPIC, 1);
        assertThat(sendOne().version()).isEqualTo((short) 13);
    }

    /** Metadata of version 9 has no ids. */
    @Test
    @Tag("row-11")
    @Tag("T3")
    void produceGoesByNameWhereMetadataHasNoIds() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.broker(1).speaks(ApiKey.METADATA, 0, 9);
        assertThat(sendOne().version()).isEqualTo((short) 12);
    }

    /** A cluster that was upgraded but has not given its topics ids yet. */
    @Test
    @Tag("T3")
    void produceGoesByNameWhereTheIdIsZero() {
        sim.cluster.topic(TOPIC, 1);
        sim.cluster.broker(1).on(ApiKey.METADATA, request -> {
            MetadataAnswer answer = new MetadataAnswer().node(1, sim.cluster.broker(1));
            List<String> asked = request.body(MetadataRequest::read).topics();
            Objects.requireNonNullElse(asked, List.<String>of())
                    .forEach(topic -> answer.topic(topic, TopicIds.UNKNOWN, 0, 1));
            request.answer(answer.build());
        });
        assertThat(sendOne().version()).isEqualTo((short) 12);
    }

    private SimulatedRequest sendOne() {
        Sent record = sim.sendAlone(0, "value");
        sim.loop.advance(SECOND);
        assertThat(record.isDelivered()).isTrue();
        List<ProduceCall> calls = sim.cluster.produceCalls();
        assertThat(calls).hasSize(1);
        return calls.get(0).request();
    }
}
