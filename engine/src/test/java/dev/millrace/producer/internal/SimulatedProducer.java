package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
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
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import dev.millrace.producer.internal.simulation.SimulatedCompression;
import dev.millrace.producer.internal.simulation.SimulatedDelivery;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole producer, put together as for users, in a world of virtual time. The test's thread is the event loop and runs
 * the callbacks; nothing happens but while the loop is advanced.
 *
 * <pre>
 * SimulatedProducer sim = new SimulatedProducer(1, config -&gt; config.linger(Duration.ZERO));
 * sim.cluster.topic(TOPIC, 1);
 * SimulatedProducer.Sent first = sim.send(0, "first");
 * sim.loop.advance(Duration.ofSeconds(1));
 * </pre>
 */
final class SimulatedProducer {

    static final String TOPIC = "orders";
    static final long START_MILLIS = 1_700_000_000_000L;

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedDelivery delivery = new SimulatedDelivery(loop);
    final SimulatedCompression compression = new SimulatedCompression(loop);
    final SimulatedCompression login =
            new SimulatedCompression(loop); // where suppliers are asked and mechanisms compute
    final SimulatedCluster cluster;
    final ClusterMetadata metadata;
    final BufferPool pool;
    final Producer<String, String> producer;
    final List<Sent> sent = new ArrayList<>();
    final List<Sent> completed = new ArrayList<>();
    final List<CompletableFuture<Void>> flushes = new ArrayList<>();
    boolean released;

    SimulatedProducer(int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        this(nodes, settings, noJitter());
    }

    SimulatedProducer(int nodes, UnaryOperator<ProducerConfig.Builder> settings, RandomGenerator random) {
        this(nodes, settings, random, plugIns(null, List.of()), (network, parts) -> parts);
    }

    /** With codecs of the test's. */
    SimulatedProducer(int nodes, UnaryOperator<ProducerConfig.Builder> settings, Codecs codecs) {
        this(nodes, settings, noJitter(), plugIns(null, List.of()), (network, parts) -> parts, codecs);
    }

    /** With parts of the sender replaced, or taken away to be looked at. */
    static SimulatedProducer withSenderParts(
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            RandomGenerator random,
            BiFunction<SimulatedTransport, SenderParts, SenderParts> replacement) {
        return new SimulatedProducer(nodes, settings, random, plugIns(null, List.of()), replacement);
    }

    /** With a partitioner of the user's. */
    SimulatedProducer(
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            RandomGenerator random,
            @Nullable Partitioner<? super String, ? super String> partitioner) {
        this(nodes, settings, random, plugIns(partitioner, List.of()), (network, parts) -> parts);
    }

    /** With interceptors. */
    SimulatedProducer(
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            List<ProducerInterceptor<String, String>> interceptors) {
        this(nodes, settings, noJitter(), plugIns(null, interceptors), (network, parts) -> parts);
    }

    /** With all of the user's code. */
    static SimulatedProducer with(
            PlugIns<String, String> plugIns, int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        return new SimulatedProducer(nodes, settings, noJitter(), plugIns, (network, parts) -> parts);
    }

    /** With an observer. */
    static SimulatedProducer observedBy(
            ProducerObserver observer, int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        return observedBy(observer, nodes, settings, noJitter(), (network, parts) -> parts);
    }

    /** With an observer, and with parts of the sender replaced. */
    static SimulatedProducer observedBy(
            ProducerObserver observer,
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            RandomGenerator random,
            BiFunction<SimulatedTransport, SenderParts, SenderParts> replacement) {
        PlugIns<String, String> plugIns =
                new PlugIns<>(Serializers.string(), Serializers.string(), null, List.of(), thread -> false, observer);
        return new SimulatedProducer(nodes, settings, random, plugIns, replacement);
    }

    private static PlugIns<String, String> plugIns(
            @Nullable Partitioner<? super String, ? super String> partitioner,
            List<ProducerInterceptor<String, String>> interceptors) {
        return new PlugIns<>(
                Serializers.string(), Serializers.string(), partitioner, interceptors, thread -> false, null);
    }

    /** With whatever users plug in, and with parts of the sender replaced. */
    SimulatedProducer(
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            RandomGenerator random,
            PlugIns<String, String> plugIns,
            BiFunction<SimulatedTransport, SenderParts, SenderParts> replacement) {
        this(nodes, settings, random, plugIns, replacement, new Codecs());
    }

    private SimulatedProducer(
            int nodes,
            UnaryOperator<ProducerConfig.Builder> settings,
            RandomGenerator random,
            PlugIns<String, String> plugIns,
            BiFunction<SimulatedTransport, SenderParts, SenderParts> replacement,
            Codecs codecs) {
        cluster = new SimulatedCluster(network, nodes);
        ProducerConfig config = settings.apply(ProducerConfig.builder()
                        .bootstrapServers("b1:9092")
                        .clientId("test")
                        .telemetryPush(false)) // brokers here have nobody to give metrics to
                .build();
        WallClock clock = () -> START_MILLIS + loop.elapsed().toMillis();
        Authentication authentication =
                SharedCluster.authentication(config, new LoginParts(loop, login, clock, random, "[producer=test]"));
        authentication.start();
        metadata = new ClusterMetadata(
                loop,
                network,
                SharedCluster.connectionSettings(config),
                SharedCluster.metadataSettings(config),
                random,
                ConnectionCommons.of("[producer=test]", authentication));
        metadata.start();
        pool = new BufferPool(config.batching().bufferMemoryBytes());
        producer = ProducerAssembly.connect(
                config,
                new Surroundings(
                        loop, network, delivery, compression, codecs, metadata, random, clock, () -> released = true),
                pool,
                plugIns,
                parts -> replacement.apply(network, parts));
    }

    /** A record on its way, and what became of it. */
    final class Sent implements SendCallback {

        final String topic;
        final @Nullable Integer partition;
        final String value;
        private final Runnable inCallback;

        @Nullable CompletableFuture<RecordMetadata> future;

        @Nullable RecordMetadata metadata;

        @Nullable ProducerException failure;

        int calls;

        Sent(String topic, @Nullable Integer partition, String value, Runnable inCallback) {
            this.topic = topic;
            this.partition = partition;
            this.value = value;
            this.inCallback = inCallback;
        }

        @Override
        public void onCompletion(RecordMetadata where, @Nullable ProducerException cause) {
            calls++;
            metadata = where;
            failure = cause;
            completed.add(this);
            inCallback.run();
        }

        boolean isDone() {
            return calls > 0;
        }

        boolean isDelivered() {
            return calls > 0 && failure == null;
        }

        long offset() {
            RecordMetadata where = metadata;
            if (where == null || failure != null) {
                throw new AssertionError(this + " was not delivered");
            }
            return where.offset();
        }

        ProducerException failure() {
            ProducerException cause = failure;
            if (cause == null) {
                throw new AssertionError(this + " has not failed");
            }
            return cause;
        }

        @Override
        public String toString() {
            String state = failure != null ? failure.toString() : metadata != null ? metadata.toString() : "pending";
            return topic + "-" + partition + " '" + value + "' calls=" + calls + ": " + state;
        }
    }

    /** A simulation whose producer has a partitioner of the test's. */
    static SimulatedProducer with(Partitioner<? super String, ? super String> partitioner) {
        return new SimulatedProducer(1, config -> config, noJitter(), partitioner);
    }

    /** Sends to a partition of {@link #TOPIC}. */
    Sent send(int partition, String value) {
        return send(TOPIC, partition, value, () -> {});
    }

    /** Sends, with something to do in the callback. */
    Sent send(String topic, @Nullable Integer partition, String value, Runnable inCallback) {
        Sent record = new Sent(topic, partition, value, inCallback);
        sent.add(record);
        record.future = producer.send(new ProducerRecord<>(topic, partition, null, value), record);
        return record;
    }

    /** Sends to {@link #TOPIC} if there is room now; a refused record is not among {@link #sent}. */
    boolean trySend(@Nullable Integer partition, String value) {
        Sent record = new Sent(TOPIC, partition, value, () -> {});
        record.future = producer.trySend(new ProducerRecord<>(TOPIC, partition, null, value), record);
        return record.future != null && sent.add(record);
    }

    /** Sends and lets what follows at once happen, so that each record gets a batch of its own where nothing lingers. */
    Sent sendAlone(int partition, String value) {
        Sent record = send(partition, value);
        loop.runReady();
        return record;
    }

    /** Flushes without waiting; {@link #flushes} has the futures. */
    void flush() {
        flushes.add(producer.flushAsync());
    }

    /** What is in the log of a partition of {@link #TOPIC}. */
    List<String> log(int partition) {
        return cluster.log(TOPIC, partition).values();
    }

    /** The values of records, in the order of their sends. */
    static List<String> values(List<Sent> records) {
        return records.stream().map(each -> each.value).toList();
    }

    /** Closes from another thread, as users do, while time passes here in steps of this length. */
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

    /** Closes while no time passes. */
    CloseReport close(Duration timeout) {
        return close(timeout, Duration.ZERO);
    }
}
