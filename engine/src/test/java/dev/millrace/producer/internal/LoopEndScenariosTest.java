package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Fault;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.concurrent.DeliveryExecutor;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.HostResolver;
import dev.millrace.producer.internal.network.NettyEventLoop;
import dev.millrace.producer.internal.network.NettyTransport;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event loop ends under a producer: everything fails at once and says why, and nobody waits for it. */
@Timeout(30)
class LoopEndScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedProducer sim = new SimulatedProducer(
            1, config -> config.linger(Duration.ofSeconds(10)).batchSize(1000));

    private static void assertEnded(Sent record) {
        assertThat(record.calls).isOne();
        assertThat(record.failure())
                .isInstanceOf(FatalProducerException.class)
                .hasMessageContaining("event loop of the producer ended")
                .hasMessageContaining("open a new one");
    }

    @Test
    void everythingPendingFailsAndSoDoesWhatIsSentLater() {
        sim.cluster.topic(TOPIC, 1, 1);
        sim.send(0, "warm");
        sim.flush();
        sim.loop.advance(SECOND);
        sim.cluster.onProduce(call -> {});
        List<Sent> pending = new ArrayList<>();
        pending.add(sim.send(0, "in flight"));
        sim.flush();
        sim.loop.advance(SECOND);
        pending.add(sim.send(0, "queued"));
        pending.add(sim.send("unknown", null, "waiting", () -> {}));
        CompletableFuture<List<PartitionInfo>> asked = sim.producer.partitionsFor("unknown");
        sim.loop.runReady();
        CompletableFuture<Void> flushed = sim.producer.flushAsync();
        assertThat(pending).noneMatch(Sent::isDone);

        sim.loop.end();

        assertThat(pending).allSatisfy(LoopEndScenariosTest::assertEnded);
        Fault.LOOP_ENDED_IN_FLIGHT.isToldBy(pending.get(0).failure());
        Fault.LOOP_ENDED_IN_QUEUE.isToldBy(pending.get(1).failure());
        Fault.LOOP_ENDED.isToldBy(pending.get(2).failure());
        assertThat(pending.get(0).failure().mayHaveBeenWritten()).isTrue();
        assertThat(pending.get(1).failure().mayHaveBeenWritten()).isFalse();
        assertThat(flushed).isDone();
        assertThat(asked).isCompletedExceptionally();
        Sent late = sim.send(0, "late");
        Sent lateUnknown = sim.send("other", null, "late", () -> {});
        assertEnded(late);
        assertEnded(lateUnknown);
        assertThat(sim.producer.partitionsFor(TOPIC)).isCompletedExceptionally();
        assertThat(sim.producer.flushAsync()).isDone();

        CloseReport report = sim.close(Duration.ofSeconds(5));

        assertThat(sim.released).isTrue();
        assertThat(report.submitted()).isEqualTo(6);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(5);
        assertThat(report.undelivered()).hasSize(3);
        assertThatThrownBy(() -> sim.send(0, "closed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("producer is closed");
    }

    @Test
    void nettyLoopThatIsShutDownUnderneathFailsRecordsAndLetsCloseReturn() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("localhost:1")
                .clientId("orphan")
                .build();
        NettyEventLoop loop = new NettyEventLoop("orphan-io");
        DeliveryExecutor delivery = new DeliveryExecutor("orphan-delivery");
        NettyTransport transport =
                new NettyTransport(loop, HostResolver.SYSTEM, SharedCluster.connectionSettings(config));
        ClusterMetadata metadata = new ClusterMetadata(
                loop,
                transport,
                SharedCluster.connectionSettings(config),
                SharedCluster.metadataSettings(config),
                new SplittableRandom());
        metadata.start();
        Producer<String, String> producer = ProducerAssembly.connect(
                config,
                new Surroundings(
                        loop,
                        transport,
                        delivery,
                        Runnable::run,
                        new Codecs(),
                        metadata,
                        new SplittableRandom(),
                        WallClock.SYSTEM,
                        () -> {}),
                new BufferPool(config.batching().bufferMemoryBytes()),
                new PlugIns<>(Serializers.string(), Serializers.string(), null, List.of(), thread -> false, null));
        CompletableFuture<RecordMetadata> pending = producer.send(new ProducerRecord<>(TOPIC, "pending"));

        loop.close();

        assertLoopEnded(pending);
        assertLoopEnded(producer.send(new ProducerRecord<>(TOPIC, "late")));
        CloseReport report = producer.close(Duration.ofSeconds(10));
        assertThat(report.submitted()).isEqualTo(2);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.undelivered()).hasSize(1);
        delivery.close();
    }

    private static void assertLoopEnded(CompletableFuture<RecordMetadata> future) {
        assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(FatalProducerException.class)
                .hasMessageContaining("event loop of the producer ended");
    }
}
