package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.PartitionerType;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where records go that name no partition, chosen by the engine itself. */
class PartitioningScenariosTest {

    private static final int BATCH_BYTES = 1_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String PAYLOAD = "x".repeat(100);

    @Test
    @Tag("row-26")
    void recordsWithoutKeySpreadEvenlyInWholeBatches() {
        SimulatedProducer sim =
                new SimulatedProducer(3, config -> config.batchSize(BATCH_BYTES).linger(Duration.ofMinutes(1)));
        sim.cluster.topic(TOPIC, 1, 2, 3);
        learn(sim);
        for (int i = 0; i < 30_000; i++) {
            send(sim, null);
            if (i % 100 == 0) {
                sim.loop.advance(Duration.ofMillis(1));
            }
        }
        sim.loop.advance(SECOND); // less than linger: what is left is the fraction that is being filled
        List<Integer> sizes = sim.cluster.produceCalls().stream()
                .flatMap(call -> call.parts().stream())
                .map(ProduceCall.Part::sizeBytes)
                .toList();
        assertThat(sizes).hasSizeGreaterThan(500).allMatch(size -> size >= BATCH_BYTES);
        int delivered = sim.completed.size();
        for (int partition = 0; partition < 3; partition++) {
            assertThat(sim.log(partition).size() / (double) delivered).isBetween(0.28, 0.39);
        }
    }

    /** So many choices that chance alone leaves the 5 % once in a billion times. */
    @Test
    @Tag("row-26")
    void bytesOfRecordsWithoutKeyAreSpreadEvenly() {
        SimulatedProducer sim = new SimulatedProducer(3, config -> config.batchSize(1));
        sim.cluster.topic(TOPIC, 1, 2, 3);
        learn(sim);
        flood(sim, 40_000, Duration.ofMillis(1));
        sim.loop.advance(SECOND);
        assertThat(pending(sim.sent)).isZero();
        long[] bytes = new long[3];
        sim.cluster.produceCalls().stream()
                .flatMap(call -> call.parts().stream())
                .forEach(part -> bytes[part.where().partition()] += part.sizeBytes());
        double mean = (bytes[0] + bytes[1] + bytes[2]) / 3.0;
        assertThat(bytes).satisfies(each -> {
            for (long sum : each) {
                assertThat(sum / mean).isBetween(0.95, 1.05);
            }
        });
    }

    @Test
    @Tag("row-27")
    void aBrokerThatStallsGetsNoNewDataUntilItAnswersAgain() {
        SimulatedProducer sim = new SimulatedProducer(3, config -> config.batchSize(BATCH_BYTES)
                .linger(Duration.ZERO)
                .maxInFlight(1)
                .partitionerAvailabilityTimeout(Duration.ofMillis(500)));
        sim.cluster.topic(TOPIC, 1, 2, 3);
        learn(sim);
        List<ProduceCall> stalled = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            if (call.nodeId() == 2) {
                stalled.add(call);
            } else {
                call.appendAndAnswer();
            }
        });
        flood(sim, 2_000, Duration.ofMillis(5));
        assertThat(stalled).isNotEmpty();
        List<Sent> afterwards = flood(sim, 1_000, Duration.ofMillis(1));
        sim.loop.advance(SECOND);
        assertThat(pending(afterwards)).isZero();
        assertThat(pending(sim.sent)).isPositive();

        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        stalled.forEach(ProduceCall::appendAndAnswer);
        sim.loop.advance(SECOND);
        assertThat(pending(sim.sent)).isZero();
        int before = sim.log(1).size();
        flood(sim, 2_000, Duration.ofMillis(1));
        sim.loop.advance(SECOND);
        assertThat(sim.log(1)).hasSizeGreaterThan(before);
    }

    @Test
    @Tag("row-28")
    void aBusyPartitionGetsLessThanAnIdleOne() {
        SimulatedProducer sim =
                new SimulatedProducer(2, config -> config.batchSize(BATCH_BYTES).maxInFlight(1));
        sim.cluster.topic(TOPIC, 1, 2);
        learn(sim);
        sim.cluster.onProduce(call -> {
            if (call.nodeId() != 2) {
                call.appendAndAnswer(); // the other one takes a batch and answers nothing
            }
        });
        flood(sim, 5_000, Duration.ofMillis(1));
        sim.loop.advance(SECOND);
        assertThat(pending(sim.sent)).isPositive().isLessThan(1_000);
    }

    @Test
    void roundRobinTakesTurnsAlsoAfterRecordsThatWaited() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config.partitioner(PartitionerType.ROUND_ROBIN));
        for (int i = 0; i < 4; i++) {
            send(sim, "key"); // the topic is not known yet
        }
        sim.cluster.topic(TOPIC, 1, 1, 1, 1);
        sim.loop.advance(SECOND);
        for (int i = 0; i < 4; i++) {
            send(sim, "key");
        }
        sim.loop.advance(SECOND);
        assertThat(partitions(sim)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
    }

    /** 25, through the whole producer. */
    @Test
    @Tag("row-25")
    void keysDecideAndAnEmptyKeyIsAKey() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config);
        sim.cluster.topic(TOPIC, 1, 1, 1, 1, 1, 1, 1);
        List<String> keys = IntStream.range(0, 50).mapToObj(i -> "k".repeat(i)).toList();
        keys.forEach(key -> send(sim, key));
        sim.loop.advance(SECOND);
        assertThat(partitions(sim))
                .isEqualTo(keys.stream()
                        .map(key -> BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), 7))
                        .toList());
    }

    @Test
    void anEmptyKeyIsNoKeyToLibrdkafka() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config.partitioner(PartitionerType.CONSISTENT_RANDOM)
                .batchSize(1)
                .linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1, 1, 1);
        for (int i = 0; i < 100; i++) {
            send(sim, "");
            sim.loop.advance(Duration.ofMillis(1));
        }
        sim.loop.advance(SECOND);
        assertThat(partitions(sim)).contains(0, 1, 2);
    }

    @Test
    void keysCanBeIgnored() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config.partitionerIgnoreKeys(true));
        sim.cluster.topic(TOPIC, 1, 1, 1, 1, 1, 1, 1);
        learn(sim);
        for (int i = 0; i < 50; i++) {
            send(sim, "key-" + i);
        }
        sim.loop.advance(SECOND);
        assertThat(partitions(sim).stream().distinct()).hasSize(1); // all in one batch
    }

    @Test
    void leadersInTheOwnRackGetTheRecordsWithoutKey() {
        SimulatedProducer sim = new SimulatedProducer(
                3, config -> config.batchSize(1).clientRack("here").partitionerRackAware(true));
        sim.cluster.rack(1, "there");
        sim.cluster.rack(2, "here");
        sim.cluster.topic(TOPIC, 1, 2, 3, 2);
        for (int i = 0; i < 60; i++) {
            send(sim, null);
            sim.loop.advance(Duration.ofMillis(10));
        }
        assertThat(partitions(sim)).contains(1, 3).doesNotContain(0, 2);

        sim.cluster.moveLeader(TOPIC, 1, 1);
        sim.cluster.moveLeader(TOPIC, 3, 1);
        sim.loop.advance(Duration.ofMinutes(6)); // until the next refresh
        int before = sim.completed.size();
        for (int i = 0; i < 60; i++) {
            send(sim, null);
            sim.loop.advance(Duration.ofMillis(10));
        }
        assertThat(partitions(sim).subList(before, sim.completed.size())).contains(0, 1, 2, 3);
    }

    @Test
    void partitionsThatAreAddedGetTheirShare() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config.batchSize(1));
        sim.cluster.topic(TOPIC, 1);
        learn(sim);
        sim.cluster.topic(TOPIC, 1, 1);
        sim.loop.advance(Duration.ofMinutes(6));
        flood(sim, 100, Duration.ofMillis(10));
        sim.loop.advance(SECOND);
        assertThat(sim.log(1)).isNotEmpty();
    }

    /** The producer has to know the topic before anything can be chosen. */
    private static void learn(SimulatedProducer sim) {
        CompletableFuture<?> known = sim.producer.partitionsFor(TOPIC);
        sim.loop.advance(SECOND);
        assertThat(known).isCompleted();
    }

    private static void send(SimulatedProducer sim, @Nullable String key) {
        Sent record = sim.new Sent(TOPIC, null, PAYLOAD, () -> {});
        sim.sent.add(record);
        record.future = sim.producer.send(new ProducerRecord<>(TOPIC, key, PAYLOAD), record);
    }

    /** Records without key, five at a time. */
    private static List<Sent> flood(SimulatedProducer sim, int records, Duration pause) {
        int before = sim.sent.size();
        for (int i = 0; i < records; i++) {
            send(sim, null);
            if (i % 5 == 4) {
                sim.loop.advance(pause);
            }
        }
        return List.copyOf(sim.sent.subList(before, sim.sent.size()));
    }

    private static long pending(List<Sent> records) {
        return records.stream().filter(each -> !each.isDelivered()).count();
    }

    /** Where the records went, in the order of their sends. */
    private static List<Integer> partitions(SimulatedProducer sim) {
        return sim.sent.stream().map(PartitioningScenariosTest::partition).toList();
    }

    private static int partition(Sent sent) {
        RecordMetadata metadata = sent.metadata;
        if (metadata == null) {
            throw new AssertionError(sent + " is not done");
        }
        return metadata.partition();
    }
}
