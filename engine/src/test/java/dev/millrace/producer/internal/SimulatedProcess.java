package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.simulation.MortalLoop;
import dev.millrace.producer.internal.simulation.MortalTransport;
import dev.millrace.producer.internal.simulation.SimulatedCompression;
import dev.millrace.producer.internal.simulation.SimulatedDelivery;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own with one transactional producer, put together as for users, in a {@link TransactionWorld}. Calls
 * that wait let time pass until they have an answer.
 *
 * <pre>
 * SimulatedProcess process = world.start().ready();
 * process.begin();
 * process.send(0, "first");
 * assertThat(process.commit()).isInstanceOf(TransactionOutcome.Committed.class);
 * process.kill();   // as by kill -9
 * </pre>
 */
final class SimulatedProcess {

    private static final Duration LIMIT = Duration.ofMinutes(5); // longer than any wait of the engine in these tests

    final SimulatedEventLoop time;
    final BufferPool pool;
    final TransactionalProducer<String, String> producer;
    private final MortalLoop loop;
    private final MortalTransport network;
    private final ClusterMetadata metadata;
    boolean released;

    SimulatedProcess(TransactionWorld world, RandomGenerator random, UnaryOperator<ProducerConfig.Builder> settings) {
        time = world.loop;
        loop = new MortalLoop(world.loop);
        network = new MortalTransport(world.network, loop);
        ProducerConfig config = settings.apply(ProducerConfig.builder()
                        .bootstrapServers("b1:9092", "b2:9092", "b3:9092")
                        .clientId("test")
                        .transactionalId(TransactionWorld.ID))
                .build();
        metadata = new ClusterMetadata(
                loop,
                network,
                SharedCluster.connectionSettings(config),
                SharedCluster.metadataSettings(config),
                random);
        metadata.start();
        pool = new BufferPool(config.batching().bufferMemoryBytes());
        producer = ProducerAssembly.connectTransactional(
                config,
                new Surroundings(
                        loop,
                        network,
                        new SimulatedDelivery(world.loop),
                        new SimulatedCompression(world.loop),
                        new Codecs(),
                        metadata,
                        random,
                        () -> SimulatedProducer.START_MILLIS + time.elapsed().toMillis(),
                        () -> released = true),
                pool,
                new PlugIns<>(Serializers.string(), Serializers.string(), null, List.of(), thread -> false, null));
    }

    SimulatedProcess(TransactionWorld world, UnaryOperator<ProducerConfig.Builder> settings) {
        this(world, noJitter(), settings);
    }

    /** Initialises the producer. */
    SimulatedProcess ready() {
        done(producer.initAsync());
        return this;
    }

    /** Begins a transaction. */
    void begin() {
        done(producer.beginAsync());
    }

    /** Sends to a partition of {@link TransactionWorld#TOPIC}. */
    CompletableFuture<RecordMetadata> send(int partition, String value) {
        return producer.send(new ProducerRecord<>(TransactionWorld.TOPIC, partition, null, value));
    }

    /** Sends, and lets time pass until the record is delivered. */
    RecordMetadata deliver(int partition, String value) {
        return done(send(partition, value));
    }

    /** Makes an offset of partition 0 part of the transaction. */
    CompletableFuture<Void> sendOffset(long offset, ConsumerGroupMetadata group) {
        return producer.sendOffsetsAsync(
                Map.of(new TopicPartition(TransactionWorld.TOPIC, 0), new OffsetAndMetadata(offset)), group);
    }

    TransactionOutcome commit() {
        return done(producer.commitAsync());
    }

    TransactionOutcome abort() {
        return done(producer.abortAsync());
    }

    TransactionState state() {
        return producer.state();
    }

    /** A transaction of one record for partition 0, committed or whatever became of it. */
    TransactionOutcome commitOne(String value) {
        begin();
        deliver(0, value);
        return commit();
    }

    /** What a call gives in the end. */
    <T extends @Nullable Object> T done(CompletableFuture<T> call) {
        time.advanceUntil(call::isDone, LIMIT);
        try {
            return call.join();
        } catch (CompletionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        }
    }

    /** Why a call fails in the end. */
    Throwable failure(CompletableFuture<?> call) {
        time.advanceUntil(call::isDone, LIMIT);
        Throwable failed = call.handle((value, cause) -> cause).join();
        if (failed == null) {
            throw new AssertionError("did not fail but gave " + call.join());
        }
        return failed instanceof CompletionException ? Objects.requireNonNull(failed.getCause()) : failed;
    }

    /** Why a call fails in the end, if the engine says so. */
    ProducerException producerFailure(CompletableFuture<?> call) {
        return (ProducerException) failure(call);
    }

    /** Ends it as {@code kill -9} does: nothing of it runs any more, its connections end, nobody is told. */
    void kill() {
        loop.die();
        network.closeAll();
    }

    boolean isDead() {
        return loop.isDead();
    }
}
