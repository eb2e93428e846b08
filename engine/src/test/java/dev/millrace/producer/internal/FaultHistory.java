package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One history of sends and faults that follows from its seed, and what must be true after all faults have ended. */
final class FaultHistory {

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_VALUE_BYTES = 300;
    private static final int MAX_COMPRESSED_VALUE_BYTES = 1_000; // so that some batches are compressed off the loop
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LARGE_BATCH_LIMIT = 700;

    private final SplittableRandom random;
    private final int nodes;
    private final int partitions;
    private final boolean compresses;
    private boolean recreates;
    private final RecordedEvents events = new RecordedEvents();
    private final SimulatedProducer sim;
    private final FaultyCluster faults;
    private final CountingInterceptor interceptor = new CountingInterceptor();
    private final List<List<List<String>>> deletedLogs = new ArrayList<>(); // of each topic made anew, by partition
    private final List<CompletableFuture<?>> asked = new ArrayList<>(); // snapshots, and waits for room
    private Runnable beforeTheEnd = () -> {};

    FaultHistory(long seed) {
        this(seed, (network, parts) -> parts);
    }

    /** With parts of the sender replaced. */
    FaultHistory(long seed, BiFunction<SimulatedTransport, SenderParts, SenderParts> replacement) {
        random = new SplittableRandom(seed);
        nodes = 2 + random.nextInt(2);
        partitions = 2 + random.nextInt(3);
        compresses = random.nextBoolean();
        Partitioner<@Nullable String, @Nullable String> byLength =
                (record, topic) -> String.valueOf(record.value()).length() % topic.partitionCount();
        PlugIns<String, String> plugIns = new PlugIns<>(
                Serializers.string(),
                Serializers.string(),
                random.nextBoolean() ? byLength : null,
                random.nextBoolean() ? List.of(interceptor) : List.of(),
                thread -> false,
                events);
        sim = new SimulatedProducer(nodes, this::configure, random.split(), plugIns, replacement);
        faults = new FaultyCluster(sim.loop, sim.cluster, random.split(), nodes);
        SplittableRandom compressing = random.split();
        sim.compression.takes(() -> Duration.ofMillis(compressing.nextInt(4) == 0 ? compressing.nextInt(300) : 0));
        if (random.nextBoolean()) {
            sim.cluster.giveHints();
        }
    }

    private ProducerConfig.Builder configure(ProducerConfig.Builder config) {
        return config.compression(
                        compresses ? Compression.GZIP : Compression.NONE) // no native code: it runs everywhere
                .linger(Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(30)))
                .batchSize(random.nextInt(1200))
                .maxRequestSize(1500 + random.nextInt(3000))
                .bufferMemory(BUFFER_BYTES)
                .maxInFlight(1 + random.nextInt(5))
                .requestTimeout(REQUEST_TIMEOUT)
                .deliveryTimeout(DELIVERY_TIMEOUT)
                .maxBlock(DELIVERY_TIMEOUT)
                .metadataMaxIdle(Duration.ofSeconds(5)); // so that topics are given up in the pauses
    }

    /** Does this when the faults end. */
    void beforeTheEnd(Runnable action) {
        beforeTheEnd = action;
    }

    /** Lets it happen and checks what must hold. */
    void play() {
        int[] leaders = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            leaders[i] = anyNode();
        }
        sim.cluster.topic(SimulatedProducer.TOPIC, leaders);
        recreates = random.nextInt(4) == 0;
        int steps = 20 + random.nextInt(60);
        for (int step = 0; step < steps; step++) {
            act();
        }
        if (random.nextInt(4) == 0) {
            closeInTheMiddle();
        } else {
            settle();
        }
        checkFutures();
        checkLogs();
        checkCounts();
    }

    /** Leaves behind what is under way; the cluster goes on with what has reached it. */
    private void closeInTheMiddle() {
        CloseReport report = sim.close(Duration.ZERO);
        assertThat(report.undelivered())
                .allMatch(record -> record.failure() instanceof ProducerClosedException)
                .hasSize((int) sim.sent.stream()
                        .filter(record -> record.failure instanceof ProducerClosedException)
                        .count());
        sim.loop.advance(DELIVERY_TIMEOUT);
    }

    private void act() {
        switch (random.nextInt(17)) {
            case 0, 1, 2, 3, 4 -> send(1 + random.nextInt(6));
            case 5, 6, 7 -> sim.loop.advance(Duration.ofMillis(random.nextInt(400)));
            case 8 -> faults.misbehave(random.nextInt(50), random.nextInt(200));
            case 9 -> sim.cluster.moveLeader(SimulatedProducer.TOPIC, random.nextInt(partitions), anyLeader());
            case 10 -> faults.cut(anyNode());
            case 11 -> killOrStart(anyNode());
            case 12 -> sim.cluster.limitBatches(random.nextBoolean() ? LARGE_BATCH_LIMIT : Integer.MAX_VALUE);
            case 13 -> asked.add(sim.producer.snapshot());
            case 14 -> waitForRoom();
            case 15 -> recreateTopic();
            default -> {
                if (random.nextInt(4) == 0) {
                    sim.loop.advance(Duration.ofSeconds(random.nextInt(15)));
                } else {
                    sim.flush();
                }
            }
        }
    }

    private void send(int count) {
        Integer partition = random.nextBoolean() ? Integer.valueOf(random.nextInt(partitions)) : null;
        boolean mayWait = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            String value = sim.sent.size()
                    + "."
                    + text(random.nextInt(compresses ? MAX_COMPRESSED_VALUE_BYTES : MAX_VALUE_BYTES));
            if (mayWait
                    && sim.pool.usage().usedBytes() < BUFFER_BYTES / 2) { // nobody but this thread would free memory
                sim.send(SimulatedProducer.TOPIC, partition, value, () -> {});
            } else {
                sim.trySend(partition, value);
            }
        }
        if (random.nextBoolean()) {
            sim.loop.runReady();
        }
    }

    /** Of the kind that compresses well or of the other. */
    private String text(int length) {
        if (random.nextBoolean()) {
            return "x".repeat(length);
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt('~' - ' ')));
        }
        return text.toString();
    }

    /** And sends as soon as there is some, or gives up. */
    private void waitForRoom() {
        CompletableFuture<Void> room = sim.producer.whenWritable();
        asked.add(room);
        switch (random.nextInt(3)) {
            case 0 -> asked.add(room.thenRun(() -> sim.trySend(null, sim.sent.size() + ".writable")));
            case 1 -> room.cancel(false);
            default -> {}
        }
    }

    /** The old logs stay to be looked at. */
    private void recreateTopic() {
        if (!recreates) {
            return;
        }
        int[] leaders = new int[partitions];
        List<List<String>> logs = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            logs.add(List.copyOf(sim.log(partition)));
            leaders[partition] = anyNode();
        }
        deletedLogs.add(logs);
        sim.cluster.recreateTopic(SimulatedProducer.TOPIC, leaders);
    }

    private void killOrStart(int node) {
        if (faults.isDown(node)) {
            faults.start(node);
        } else {
            faults.kill(node);
        }
    }

    private int anyNode() {
        return 1 + random.nextInt(nodes);
    }

    private int anyLeader() {
        return random.nextInt(8) == 0 ? -1 : anyNode();
    }

    /** Ends the faults; then all records end, and new ones are delivered. */
    private void settle() {
        beforeTheEnd.run();
        faults.heal();
        for (int partition = 0; partition < partitions; partition++) {
            sim.cluster.moveLeader(SimulatedProducer.TOPIC, partition, anyNode());
        }
        sim.loop.advance(DELIVERY_TIMEOUT.plusSeconds(1));
        List<Sent> last = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            last.add(sim.send(partition, sim.sent.size() + ".last"));
        }
        sim.loop.advance(REQUEST_TIMEOUT.multipliedBy(3));
        assertThat(last).allMatch(Sent::isDelivered);
    }

    private void checkFutures() {
        for (Sent record : sim.sent) {
            assertThat(record.calls).as("%s", record).isOne();
            assertThat(record.future).as("%s", record).isDone();
        }
        assertThat(sim.flushes).allMatch(CompletableFuture::isDone);
        assertThat(asked).allMatch(CompletableFuture::isDone);
        assertThat(interceptor.acknowledged).isEqualTo(interceptor.sent);
    }

    private void checkLogs() {
        List<List<List<String>>> incarnations = new ArrayList<>(deletedLogs);
        incarnations.add(IntStream.range(0, partitions).mapToObj(sim::log).toList());
        for (List<List<String>> logs : incarnations) {
            for (int partition = 0; partition < partitions; partition++) {
                List<Integer> numbers = logs.get(partition).stream()
                        .map(value -> Integer.valueOf(value.substring(0, value.indexOf('.'))))
                        .toList();
                assertThat(numbers)
                        .as("no record twice, and the order of the sends: partition=%d", partition)
                        .isEqualTo(numbers.stream().sorted().distinct().toList());
            }
        }
        for (Sent record : sim.sent) {
            if (record.isDelivered()) {
                assertThat(incarnations).as("%s", record).anyMatch(logs -> isAtItsPlace(record, logs));
            } else if (!record.failure().mayHaveBeenWritten()) {
                assertThat(incarnations).as("%s", record).allSatisfy(logs -> assertThat(logs)
                        .noneMatch(log -> log.contains(record.value)));
            }
        }
    }

    private static boolean isAtItsPlace(Sent record, List<List<String>> logs) {
        RecordMetadata where = Objects.requireNonNull(record.metadata);
        List<String> log = logs.get(where.partition());
        return (record.partition == null || record.partition == where.partition())
                && where.offset() < log.size()
                && log.get((int) where.offset()).equals(record.value);
    }

    private void checkCounts() {
        assertThat(sim.pool.usage().usedBytes()).isZero();
        CloseReport report = sim.close(Duration.ZERO);
        long delivered = delivered();
        assertThat(report.submitted()).isEqualTo(sim.sent.size());
        assertThat(report.delivered()).isEqualTo(delivered);
        assertThat(report.failed()).isEqualTo(sim.sent.size() - delivered);
        events.assertAgreeWith(report);
    }

    private long delivered() {
        return sim.sent.stream().filter(Sent::isDelivered).count();
    }

    private static final class CountingInterceptor implements ProducerInterceptor<String, String> {
        int sent;
        int acknowledged;

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            sent++;
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
            acknowledged++;
        }
    }
}
