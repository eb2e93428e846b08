package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.ConnectionCommons;
import dev.millrace.producer.internal.network.security.Authentication;
import dev.millrace.producer.internal.network.security.LoginParts;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import dev.millrace.producer.internal.simulation.SimulatedCompression;
import dev.millrace.producer.internal.simulation.SimulatedDelivery;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A whole transactional producer in a world of virtual time, as {@link SimulatedProducer} is one without transactions. The
 * test's thread is the event loop and runs the callbacks, so it calls the asynchronous forms.
 *
 * <pre>
 * SimulatedTransactionalProducer sim = SimulatedTransactionalProducer.at(2, 1, config -&gt; config);
 * sim.begin();
 * sim.send(0, "first");
 * sim.commit();
 * </pre>
 */
final class SimulatedTransactionalProducer {

    static final String TOPIC = "orders";
    static final String ID = "orders-tx-0";

    /** A value that cannot be serialized. */
    static final String UNSPEAKABLE = "unspeakable";

    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofMinutes(10);

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedDelivery delivery = new SimulatedDelivery(loop);
    final SimulatedCompression compression = new SimulatedCompression(loop);
    final SimulatedCompression login =
            new SimulatedCompression(loop); // where suppliers are asked and mechanisms compute
    final SimulatedCluster cluster;
    final BufferPool pool;
    final TransactionalProducer<String, String> producer;
    final List<Sent> sent = new ArrayList<>();
    final List<Sent> completed = new ArrayList<>();
    boolean released;

    /**
     * In front of a cluster with topics to come.
     *
     * @param level of the cluster's feature transaction.version
     */
    SimulatedTransactionalProducer(
            int level,
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            List<ProducerInterceptor<String, String>> interceptors) {
        this(level, nodes, settings, SimulatedTransactionalProducer::bytesOf, interceptors);
    }

    private SimulatedTransactionalProducer(
            int level,
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            Serializer<String> values,
            List<ProducerInterceptor<String, String>> interceptors) {
        cluster = new SimulatedCluster(network, nodes);
        cluster.transactionVersion(level);
        ProducerConfig config = settings.apply(ProducerConfig.builder()
                        .bootstrapServers("b1:9092")
                        .clientId("test")
                        .linger(Duration.ZERO)
                        .transactionalId(ID))
                .build();
        WallClock clock = () -> SimulatedProducer.START_MILLIS + loop.elapsed().toMillis();
        Authentication authentication =
                SharedCluster.authentication(config, new LoginParts(loop, login, clock, noJitter(), "[producer=test]"));
        authentication.start();
        ClusterMetadata metadata = new ClusterMetadata(
                loop,
                network,
                SharedCluster.connectionSettings(config),
                SharedCluster.metadataSettings(config),
                noJitter(),
                ConnectionCommons.of("[producer=test]", authentication));
        metadata.start();
        pool = new BufferPool(config.batching().bufferMemoryBytes());
        producer = ProducerAssembly.connectTransactional(
                config,
                new Surroundings(
                        loop,
                        network,
                        delivery,
                        compression,
                        new Codecs(),
                        metadata,
                        noJitter(),
                        clock,
                        () -> released = true),
                pool,
                new PlugIns<>(Serializers.string(), values, null, interceptors, thread -> false, null));
    }

    /** Initialised, with a topic of two partitions led by node 1. */
    static SimulatedTransactionalProducer at(int level, int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        return at(level, nodes, settings, SimulatedTransactionalProducer::bytesOf);
    }

    /** The same, with a serializer of the test's for values. */
    static SimulatedTransactionalProducer at(
            int level, int nodes, UnaryOperator<ProducerConfig.Builder> settings, Serializer<String> values) {
        SimulatedTransactionalProducer sim =
                new SimulatedTransactionalProducer(level, nodes, settings, values, List.of());
        sim.cluster.topic(TOPIC, 1, 1);
        sim.await(sim.producer.initAsync());
        return sim;
    }

    private static byte[] bytesOf(String topic, String value) {
        if (value.equals(UNSPEAKABLE)) {
            throw new IllegalArgumentException("no bytes for " + value);
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** A record on its way, and what became of it. */
    final class Sent implements SendCallback {

        final String value;

        @Nullable CompletableFuture<RecordMetadata> future;

        @Nullable ProducerException failure;

        int calls;
        boolean toldWhileOpen; // whether the transaction could still be committed when the callback ran

        Sent(String value) {
            this.value = value;
        }

        @Override
        public void onCompletion(RecordMetadata where, @Nullable ProducerException cause) {
            calls++;
            failure = cause;
            toldWhileOpen = producer.state() == dev.millrace.producer.TransactionState.IN_TRANSACTION;
            completed.add(this);
        }

        boolean isDelivered() {
            return calls == 1 && failure == null;
        }

        ProducerException failure() {
            ProducerException cause = failure;
            if (cause == null) {
                throw new AssertionError("'" + value + "' has not failed, calls=" + calls);
            }
            return cause;
        }

        @Override
        public String toString() {
            return "'" + value + "' calls=" + calls + " failure=" + failure;
        }
    }

    void begin() {
        await(producer.beginAsync());
    }

    TransactionOutcome commit() {
        return await(producer.commitAsync());
    }

    TransactionOutcome abort() {
        return await(producer.abortAsync());
    }

    /** Sends to a partition of {@link #TOPIC}. */
    Sent send(int partition, String value) {
        return send(TOPIC, partition, value);
    }

    Sent send(String topic, @Nullable Integer partition, String value) {
        Sent record = new Sent(value);
        sent.add(record);
        record.future = producer.send(new ProducerRecord<>(topic, partition, null, value), record);
        return record;
    }

    /** Sends and lets what follows at once happen, so that each record gets a batch of its own. */
    Sent sendAlone(int partition, String value) {
        Sent record = send(partition, value);
        loop.runReady();
        return record;
    }

    /** Lets time pass until the future is complete. */
    <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        Duration end = loop.elapsed().plus(LIMIT);
        loop.runReady();
        while (!future.isDone()) {
            if (loop.elapsed().compareTo(end) > 0) {
                throw new AssertionError("not complete after " + LIMIT);
            }
            loop.advance(STEP);
        }
        return future.join();
    }

    /** What a reader of committed records gets from a partition of {@link #TOPIC}. */
    List<String> committed(int partition) {
        return cluster.log(TOPIC, partition).committedValues();
    }

    /** Closes from another thread, as users do, while time passes here. */
    CloseReport close(Duration timeout, Duration step) {
        CompletableFuture<CloseReport> report = new CompletableFuture<>();
        Thread closer = new Thread(
                () -> {
                    try {
                        report.complete(producer.close(timeout));
                    } catch (RuntimeException e) {
                        report.completeExceptionally(e);
                    }
                },
                "closer");
        closer.start();
        while (!report.isDone()) {
            loop.advance(step);
            Thread.onSpinWait();
        }
        loop.runReady();
        return report.join();
    }
}
