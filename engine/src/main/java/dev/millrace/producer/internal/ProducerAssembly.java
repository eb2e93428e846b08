package dev.millrace.producer.internal;

import dev.millrace.producer.Producer;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.CompressionConfig;
import dev.millrace.producer.config.DeliveryConfig;
import dev.millrace.producer.config.PartitionerType;
import dev.millrace.producer.config.PartitioningConfig;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.internal.accumulator.BatchLimits;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.accumulator.FailureWatch;
import dev.millrace.producer.internal.accumulator.OpenTime;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.client.ClientParts;
import dev.millrace.producer.internal.client.ClientSettings;
import dev.millrace.producer.internal.client.MetadataFollower;
import dev.millrace.producer.internal.client.PartitioningSettings;
import dev.millrace.producer.internal.client.PartitioningSettings.Placement;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.client.ProducerClient;
import dev.millrace.producer.internal.client.TransactionalClient;
import dev.millrace.producer.internal.client.TransactionalSettings;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.CodecMissingException;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.concurrent.DrainSignal;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.metadata.MetadataListener;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.partitioning.KeyHash;
import dev.millrace.producer.internal.partitioning.NextPartition;
import dev.millrace.producer.internal.sender.ProduceRequestPlanner;
import dev.millrace.producer.internal.sender.Sender;
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.sender.SenderSettings;
import dev.millrace.producer.internal.telemetry.Telemetry;
import dev.millrace.producer.internal.telemetry.TelemetryClient;
import dev.millrace.producer.internal.telemetry.TelemetryParts;
import dev.millrace.producer.internal.time.Backoff;
import dev.millrace.producer.internal.transaction.TransactionManager;
import dev.millrace.producer.internal.transaction.TransactionParts;
import dev.millrace.producer.internal.transaction.TransactionSettings;
import dev.millrace.producer.observe.MetadataRefresh;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a producer from its configuration: the only place that calls the constructors of the engine's parts. */
public final class ProducerAssembly {

    private static final Logger LOG = LoggerFactory.getLogger(Producer.class);

    private static final int NO_LEVEL = 0;
    private static final int MAX_PLAIN_BATCHES = 4; // ADR 0015
    private static final int MIN_BATCHES_IN_BUFFER = 8;

    private ProducerAssembly() {}

    /** A working producer. */
    public static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> open(Opening<K, V> opening) {
        ProducerConfig config = opening.config();
        BufferPool pool = prepared(config);
        return connect(config, SharedCluster.acquire(config).surroundings(), pool, opening.plugIns());
    }

    /** A working transactional producer. */
    public static <K extends @Nullable Object, V extends @Nullable Object>
            TransactionalProducer<K, V> openTransactional(Opening<K, V> opening) {
        ProducerConfig config = opening.config();
        BufferPool pool = prepared(config);
        return connectTransactional(config, SharedCluster.acquire(config).surroundings(), pool, opening.plugIns());
    }

    /** Everything that may fail comes before the cluster is touched. */
    private static BufferPool prepared(ProducerConfig config) {
        String logPrefix = "[producer=" + config.clientId() + "]";
        config.derivations().forEach(derivation -> LOG.warn("{} {}", logPrefix, derivation));
        LOG.debug("{} opens with {}", logPrefix, config.describe());
        checkCodec(config.compression().type());
        return new BufferPool(config.batching().bufferMemoryBytes());
    }

    /** Builds the parts and puts them into their surroundings. */
    static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> connect(
            ProducerConfig config, Surroundings around, BufferPool pool, PlugIns<K, V> plugIns) {
        return connect(config, around, pool, plugIns, UnaryOperator.identity());
    }

    /** As above; a test may put other parts in the place of the sender's. */
    static <K extends @Nullable Object, V extends @Nullable Object> Producer<K, V> connect(
            ProducerConfig config,
            Surroundings around,
            BufferPool pool,
            PlugIns<K, V> plugIns,
            UnaryOperator<SenderParts> replacement) {
        Wiring wiring = new Wiring(around, new ObserverRelay(around.delivery(), plugIns.observer()));
        Function<IdentitySource.Listener, Idempotence> idempotence = listener -> config.delivery()
                        .idempotence()
                ? new IdentitySource(
                        config.clientId(), around.metadata(), around.loop(), retryBackoff(config, around), listener)
                : Idempotence.NONE;
        ClientParts parts =
                clientParts(config, pool, wiring, idempotence, DrainGate.OPEN, FailureWatch.NONE, replacement);
        ProducerClient<K, V> client = new ProducerClient<>(parts, plugIns);
        wiring.follow(client);
        return client;
    }

    /** Builds the parts of a transactional producer and puts them into their surroundings. */
    static <K extends @Nullable Object, V extends @Nullable Object> TransactionalProducer<K, V> connectTransactional(
            ProducerConfig config, Surroundings around, BufferPool pool, PlugIns<K, V> plugIns) {
        return connectTransactional(
                config,
                around,
                pool,
                plugIns,
                parts -> TransactionSide.of(new TransactionManager(parts)),
                UnaryOperator.identity());
    }

    /** As above; a test may put other transactions, and other parts, in the place of these. */
    static <K extends @Nullable Object, V extends @Nullable Object> TransactionalProducer<K, V> connectTransactional(
            ProducerConfig config,
            Surroundings around,
            BufferPool pool,
            PlugIns<K, V> plugIns,
            Function<TransactionParts, TransactionSide> transactional,
            UnaryOperator<SenderParts> replacement) {
        Wiring wiring = new Wiring(around, new ObserverRelay(around.delivery(), plugIns.observer()));
        TransactionalSettings settings = transactionalSettings(config);
        TransactionSide transactions = transactional.apply(transactionParts(config, settings, around, wiring.observer));
        ClientParts parts = clientParts(
                config,
                pool,
                wiring,
                transactions.idempotence(),
                transactions.gate(),
                transactions.calls()::recordFailed,
                replacement);
        TransactionalClient<K, V> client = new TransactionalClient<>(parts, plugIns, transactions.calls(), settings);
        transactions.attach().accept(client.records());
        wiring.follow(client);
        return client;
    }

    private static ClientParts clientParts(
            ProducerConfig config,
            BufferPool pool,
            Wiring wiring,
            Function<IdentitySource.Listener, Idempotence> idempotence,
            DrainGate gate,
            FailureWatch watch,
            UnaryOperator<SenderParts> replacement) {
        Surroundings around = wiring.around;
        DrainSignal signal = new DrainSignal(around.loop(), wiring::drain);
        Completions completions =
                new Completions(around.delivery(), pool, around.loop()::nanos, wiring.observer, watch);
        RecordAccumulator accumulator = new RecordAccumulator(
                batchLimits(config),
                pool,
                completions,
                around.loop()::nanos,
                signal::raise,
                codec(config.compression().type(), config.compression(), around.codecs()));
        Sender sender = new Sender(replacement.apply(
                senderParts(config, around, accumulator, completions, idempotence, gate, wiring.observer)));
        wiring.sender = sender;
        return new ClientParts(
                clientSettings(config),
                accumulator,
                pool,
                completions,
                around.metadata(),
                sender,
                around.loop(),
                around.delivery(),
                wiring.observer,
                telemetry(config, around, wiring.observer),
                around.clock(),
                wiring::release);
    }

    private static SenderParts senderParts(
            ProducerConfig config,
            Surroundings around,
            RecordAccumulator accumulator,
            Completions completions,
            Function<IdentitySource.Listener, Idempotence> idempotence,
            DrainGate gate,
            ObserverRelay observer) {
        DeliveryConfig delivery = config.delivery();
        return new SenderParts(
                new SenderSettings(
                        config.clientId(),
                        delivery.acks().code(),
                        Math.toIntExact(delivery.requestTimeout().toMillis()),
                        delivery.deliveryTimeout().toNanos(),
                        delivery.retries()),
                around.loop(),
                accumulator,
                completions,
                around.metadata(),
                listener -> connections(config, around, listener),
                idempotence,
                gate,
                new ProduceRequestPlanner(
                        delivery.maxRequestSizeBytes(), config.batching().batchSizeBytes()),
                retryBackoff(config, around),
                around.compression(),
                observer);
    }

    private static TransactionParts transactionParts(
            ProducerConfig config, TransactionalSettings settings, Surroundings around, ObserverRelay observer) {
        return new TransactionParts(
                new TransactionSettings(
                        settings.clientId(),
                        settings.transactionalId(),
                        Math.toIntExact(settings.timeoutMillis()),
                        settings.maxBlockNanos()),
                around.loop(),
                around.delivery(),
                around.metadata(),
                listener -> connections(config, around, listener),
                retryBackoff(config, around),
                observer);
    }

    private static TransactionalSettings transactionalSettings(ProducerConfig config) {
        return new TransactionalSettings(
                config.clientId(),
                Objects.requireNonNull(config.transaction().id(), "a transactional producer needs an id"),
                config.transaction().timeout().toMillis(),
                config.delivery().maxBlock().toNanos());
    }

    private static BrokerConnections connections(
            ProducerConfig config, Surroundings around, ConnectionListener listener) {
        return new BrokerConnections(
                around.loop(),
                around.transport(),
                SharedCluster.connectionSettings(config),
                listener,
                around.metadata().connectionCommons(),
                around.random());
    }

    private static Backoff retryBackoff(ProducerConfig config, Surroundings around) {
        DeliveryConfig delivery = config.delivery();
        return new Backoff(
                delivery.retryBackoff().toNanos(), delivery.retryBackoffMax().toNanos(), around.random());
    }

    private static Telemetry telemetry(ProducerConfig config, Surroundings around, ObserverRelay observer) {
        if (!config.telemetry().push()) {
            return Telemetry.OFF;
        }
        return new TelemetryClient(new TelemetryParts(
                config.clientId(),
                telemetryResource(config),
                around.loop(),
                around.delivery(),
                around.compression(),
                type -> {
                    Codecs.probe(type);
                    return codec(type, config.compression(), around.codecs());
                },
                around.metadata(),
                observer,
                around.clock(),
                around.random()));
    }

    /** The attributes of KIP-714; what else there is to say of a client its requests say. */
    private static Map<String, String> telemetryResource(ProducerConfig config) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (!config.clientRack().isEmpty()) {
            attributes.put("client_rack", config.clientRack());
        }
        String transactionalId = config.transaction().id();
        if (transactionalId != null) {
            attributes.put("transactional_id", transactionalId);
        }
        return attributes;
    }

    /** What is missing is told here and not when the first batch is compressed. */
    private static void checkCodec(Compression compression) {
        try {
            Codecs.probe(compression);
        } catch (CodecMissingException e) {
            ConfigException refused = new ConfigException(List.of(new ConfigException.Violation(
                    Setting.COMPRESSION.toString(), compression.toString(), String.valueOf(e.getMessage()))));
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private static Codec codec(Compression type, CompressionConfig config, Codecs codecs) {
        return switch (type) {
            case NONE -> Codec.NONE;
            case GZIP -> codecs.codec(Compression.GZIP, config.gzipLevel());
            case SNAPPY -> codecs.codec(Compression.SNAPPY, NO_LEVEL);
            case LZ4 -> codecs.codec(Compression.LZ4, config.lz4Level());
            case ZSTD -> codecs.codec(Compression.ZSTD, config.zstdLevel());
        };
    }

    private static BatchLimits batchLimits(ProducerConfig config) {
        int batchSize = config.batching().batchSizeBytes();
        // batch-size 0 asks for a batch for each record, so nothing may grow either
        int growth = batchSize == 0 ? 0 : Math.max(batchSize, config.delivery().maxRequestSizeBytes());
        return new BatchLimits(
                batchSize,
                growth,
                maxPlainBytes(growth, config.batching().bufferMemoryBytes()),
                config.batching().linger().toNanos(),
                openTime(config));
    }

    private static OpenTime openTime(ProducerConfig config) {
        return OpenTime.of(
                config.delivery().deliveryTimeout().toNanos(),
                config.batching().linger().toNanos());
    }

    /** Before compression a batch has no more than this: its memory is held, and its records are read, as they are. */
    private static int maxPlainBytes(int maxBatchBytes, long bufferBytes) {
        long several = Math.min((long) maxBatchBytes * MAX_PLAIN_BATCHES, bufferBytes / MIN_BATCHES_IN_BUFFER);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(maxBatchBytes, several));
    }

    private static ClientSettings clientSettings(ProducerConfig config) {
        return new ClientSettings(
                config.clientId(),
                config.delivery().maxBlock().toNanos(),
                config.delivery().deliveryTimeout().toNanos(),
                config.delivery().maxRequestSizeBytes(),
                config.batching().batchSizeBytes(),
                partitioningSettings(config),
                closeTimeout(config),
                config.metadata().maxIdle().toNanos());
    }

    /** Long enough for every record to end by itself, and for a request that was sent in its last moment to come back. */
    private static Duration closeTimeout(ProducerConfig config) {
        DeliveryConfig delivery = config.delivery();
        return delivery.deliveryTimeout().plusNanos(openTime(config).maxNanos()).plus(delivery.requestTimeout());
    }

    private static PartitioningSettings partitioningSettings(ProducerConfig config) {
        PartitioningConfig partitioning = config.partitioning();
        return new PartitioningSettings(
                partitioning.type() == PartitionerType.ROUND_ROBIN ? Placement.ROUND_ROBIN : Placement.KEY_OR_STICKY,
                partitioning.ignoreKeys() ? null : keyHash(partitioning.type()),
                partitioning.adaptive() ? NextPartition.BY_LOAD : NextPartition.UNIFORM,
                config.batching().batchSizeBytes(),
                partitioning.adaptive() ? partitioning.availabilityTimeout().toNanos() : 0,
                partitioning.rackAware() ? config.clientRack() : null);
    }

    private static @Nullable KeyHash keyHash(PartitionerType type) {
        return switch (type) {
            case DEFAULT, MURMUR2_RANDOM -> KeyHash.MURMUR2;
            case CONSISTENT_RANDOM -> KeyHash.CRC32;
            case FNV1A -> KeyHash.FNV1A;
            case ROUND_ROBIN -> null;
        };
    }

    /** The ends that could not be tied when the parts were built; set before anything can happen. */
    private static final class Wiring implements MetadataListener {
        private final Surroundings around;
        private final ObserverRelay observer;

        @Nullable Sender sender; // null only while the assembly is under way

        @Nullable MetadataFollower client; // null only while the assembly is under way

        Wiring(Surroundings around, ObserverRelay observer) {
            this.around = around;
            this.observer = observer;
        }

        /** The last end is tied. */
        void follow(MetadataFollower producer) {
            client = producer;
            around.metadata().addListener(this);
        }

        void release() {
            around.metadata().removeListener(this);
            around.release().run();
        }

        void drain() {
            if (sender != null) {
                sender.drain();
            }
        }

        @Override
        public void onUpdate(ClusterSnapshot snapshot) {
            tell(null);
            if (client != null && sender != null) {
                try {
                    client.onClusterChanged();
                } finally {
                    sender.onClusterChanged();
                }
            }
        }

        @Override
        public void onFailure(MetadataProblem problem) {
            tell(problem);
            if (client != null && problem.isHopeless()) {
                client.onUnreachable();
            } // other records that wait have deadlines of their own and will name the problem
        }

        private void tell(@Nullable MetadataProblem problem) {
            if (observer.isActive()) {
                ClusterSnapshot snapshot = around.metadata().snapshot();
                MetadataRefresh refresh = new MetadataRefresh(
                        snapshot.nodes().size(),
                        snapshot.topics().size(),
                        snapshot.clusterId(),
                        problem == null ? null : problem.describe(around.loop().nanos()));
                observer.tell(to -> to.onMetadata(refresh));
            }
        }
    }
}
