package dev.millrace.producer.internal.client;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The producer as users see it: checks their calls and hands them to the parts. Any thread. */
public final class ProducerClient<K extends @Nullable Object, V extends @Nullable Object> implements Producer<K, V> {

    private final ClientSettings settings;
    private final AcceptFailures failures;
    private final RecordAccumulator accumulator;
    private final EventLoop loop;
    private final Delivery delivery;
    private final WaitingRoom waitingRoom;
    private final RecordIntake<K, V> intake;
    private final PipelineInspection inspection;
    private final Telemetry telemetry;
    private final ProducerClosing closing;
    private final Set<PacedSend<K, V>> sendingAll = ConcurrentHashMap.newKeySet();

    /** Wires the parts; nothing happens before the first record. */
    public ProducerClient(ClientParts parts, PlugIns<K, V> plugIns) {
        this.settings = parts.settings();
        this.failures = new AcceptFailures(settings);
        this.accumulator = parts.accumulator();
        this.loop = parts.loop();
        this.delivery = parts.delivery();
        this.waitingRoom = new WaitingRoom(parts, failures);
        LoopEnd loopEnd = new LoopEnd(parts, failures, waitingRoom);
        this.intake = new RecordIntake<>(parts, failures, waitingRoom, loopEnd, plugIns);
        this.inspection = new PipelineInspection(parts, failures, intake::refused);
        this.telemetry = parts.telemetry();
        IdleTopics idleTopics = new IdleTopics(parts, intake);
        this.closing = new ProducerClosing(
                parts,
                waitingRoom,
                this::stopSendingAll,
                idleTopics,
                loopEnd,
                intake::close,
                intake::refused,
                plugIns.all());
        loopEnd.watch();
        idleTopics.start();
        telemetry.start(inspection::take);
    }

    /** The cluster was described anew. Event loop. */
    public void onClusterChanged() {
        waitingRoom.onClusterChanged();
    }

    /** The bootstrap servers' names have been unknown for too long. Event loop. */
    public void onBootstrapUnknown() {
        waitingRoom.onBootstrapUnknown();
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return accept(record, null);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, SendCallback callback) {
        return accept(
                record, Objects.requireNonNull(callback, "callback must not be null; use send(record) without one"));
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return tryAccept(record, null);
    }

    @Override
    public @Nullable CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, SendCallback callback) {
        return tryAccept(
                record, Objects.requireNonNull(callback, "callback must not be null; use trySend(record) without one"));
    }

    @Override
    public CompletableFuture<Void> whenWritable() {
        requireOpen();
        return intake.whenRoom();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        Objects.requireNonNull(records, "records must not be null");
        requireOpen();
        Executor executor = options.executor();
        PacedSend<K, V> paced = paced(new IterableSource<>(records), options, executor == null ? delivery : executor);
        paced.signal();
        return paced.result();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        Objects.requireNonNull(records, "records must not be null");
        requireOpen();
        PublisherSource<K, V> source = new PublisherSource<>(options.maxInFlight());
        PacedSend<K, V> paced = paced(source, options, PacedSend.INLINE);
        source.onChange(paced::signal);
        try {
            records.subscribe(source);
        } catch (RuntimeException e) {
            source.onError(e); // a publisher that cannot even be subscribed to
        }
        return paced.result();
    }

    private PacedSend<K, V> paced(PacedSend.Source<K, V> source, SendAllOptions options, Executor executor) {
        PacedSend<K, V> paced = new PacedSend<>(intake, failures, delivery, executor, source, options);
        sendingAll.add(paced);
        CompletableFuture<SendAllResult> unused =
                paced.result().whenComplete((counts, failure) -> sendingAll.remove(paced));
        if (closing.hasBegun()) {
            paced.close(); // the closing may have looked before it was there
        }
        return paced;
    }

    private void stopSendingAll() {
        sendingAll.forEach(PacedSend::close);
    }

    @Override
    public void flush() {
        CompletableFuture<Void> flushed = flushAsync();
        if (loop.inEventLoop() || delivery.inDelivery()) {
            return;
        }
        try {
            flushed.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted("flushing", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("flush cannot fail", e);
        }
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return accumulator.flush();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        requireOpen();
        return waitingRoom.partitionsOf(topic);
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return closing.hasBegun() ? CompletableFuture.failedFuture(failures.closed()) : inspection.take();
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return telemetry.clientInstanceId();
    }

    @Override
    public CloseReport close(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("close timeout must not be negative: " + timeout.toMillis() + " ms");
        }
        return closing.close(timeout);
    }

    @Override
    public void close() {
        close(settings.closeTimeout());
    }

    @Override
    public String toString() {
        return "Producer" + settings.logPrefix();
    }

    private CompletableFuture<RecordMetadata> accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        requireOpen();
        return intake.accept(record, callback);
    }

    private @Nullable CompletableFuture<RecordMetadata> tryAccept(
            ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        requireOpen();
        RecordIntake.Attempt<K, V> attempt = intake.attempt(record, callback);
        CompletableFuture<RecordMetadata> accepted = intake.tryAccept(attempt);
        if (accepted == null) {
            intake.abandon(attempt);
        }
        return accepted;
    }

    private void requireOpen() {
        if (closing.hasBegun()) {
            throw failures.closed();
        }
    }
}
