package dev.millrace.producer.internal.client;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.internal.concurrent.Delivery;
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
public final class ProducerClient<K extends @Nullable Object, V extends @Nullable Object>
        implements Producer<K, V>, MetadataFollower {

    private final ClientSettings settings;
    private final Delivery delivery;
    private final CallerSide<K, V> side;
    private final Set<PacedSend<K, V>> sendingAll = ConcurrentHashMap.newKeySet();

    /** Wires the parts; nothing happens before the first record. */
    public ProducerClient(ClientParts parts, PlugIns<K, V> plugIns) {
        this.settings = parts.settings();
        this.delivery = parts.delivery();
        this.side = new CallerSide<>(parts, plugIns, new CloseSteps() {
            @Override
            public void begun() {
                sendingAll.forEach(PacedSend::close);
            }
        });
    }

    @Override
    public void onClusterChanged() {
        side.waitingRoom().onClusterChanged();
    }

    @Override
    public void onUnreachable() {
        side.waitingRoom().onUnreachable();
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
        return side.whenWritable();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return readAll(records, options, null);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records, SendAllOptions options, RecordFollower<K, V> follower) {
        return readAll(records, options, Objects.requireNonNull(follower, "follower must not be null"));
    }

    private CompletableFuture<SendAllResult> readAll(
            Iterable<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        Objects.requireNonNull(records, "records must not be null");
        side.requireOpen();
        Executor executor = options.executor();
        PacedSend<K, V> paced =
                paced(new IterableSource<>(records), options, executor == null ? delivery : executor, follower);
        paced.signal();
        return paced.result();
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records, SendAllOptions options) {
        return subscribe(records, options, null);
    }

    @Override
    public CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            RecordFollower<K, V> follower) {
        return subscribe(records, options, Objects.requireNonNull(follower, "follower must not be null"));
    }

    private CompletableFuture<SendAllResult> subscribe(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        Objects.requireNonNull(records, "records must not be null");
        side.requireOpen();
        PublisherSource<K, V> source = new PublisherSource<>(options.maxInFlight());
        PacedSend<K, V> paced = paced(source, options, PacedSend.INLINE, follower);
        source.onChange(paced::signal);
        try {
            records.subscribe(source);
        } catch (RuntimeException e) {
            source.onError(e); // a publisher that cannot even be subscribed to
        }
        return paced.result();
    }

    private PacedSend<K, V> paced(
            PacedSend.Source<K, V> source,
            SendAllOptions options,
            Executor executor,
            @Nullable RecordFollower<K, V> follower) {
        PacedDepartures<K, V> departures = new PacedDepartures<>(side.intake(), follower);
        PacedSend<K, V> paced = new PacedSend<>(departures, side.failures(), delivery, executor, source, options);
        sendingAll.add(paced);
        CompletableFuture<SendAllResult> unused =
                paced.result().whenComplete((counts, failure) -> sendingAll.remove(paced));
        if (side.hasBegunToClose()) {
            paced.close(); // the closing may have looked before it was there
        }
        return paced;
    }

    @Override
    public void flush() {
        CompletableFuture<Void> flushed = flushAsync();
        if (side.inEngine()) {
            return;
        }
        try {
            flushed.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw side.failures().interrupted("flushing", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("flush cannot fail", e);
        }
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return side.flush();
    }

    @Override
    public CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        return side.partitionsFor(topic);
    }

    @Override
    public CompletableFuture<PipelineSnapshot> snapshot() {
        return side.snapshot();
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return side.clientInstanceId();
    }

    @Override
    public CloseReport close(Duration timeout) {
        return side.close(timeout);
    }

    @Override
    public void close() {
        side.close();
    }

    @Override
    public String toString() {
        return "Producer" + settings.logPrefix();
    }

    private CompletableFuture<RecordMetadata> accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        side.requireOpen();
        return side.accept(record, callback);
    }

    private @Nullable CompletableFuture<RecordMetadata> tryAccept(
            ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        Objects.requireNonNull(record, "record must not be null");
        side.requireOpen();
        return side.tryAccept(record, callback);
    }
}
