package dev.millrace.producer.internal.client;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.serialization.Serializer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private final ProducerClosing closing;

    /** Wires the parts; nothing happens before the first record. */
    public ProducerClient(ClientParts parts, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.settings = parts.settings();
        this.failures = new AcceptFailures(settings);
        this.accumulator = parts.accumulator();
        this.loop = parts.loop();
        this.delivery = parts.delivery();
        this.waitingRoom = new WaitingRoom(parts, failures);
        LoopEnd loopEnd = new LoopEnd(parts, failures, waitingRoom);
        this.intake = new RecordIntake<>(parts, failures, waitingRoom, loopEnd, keySerializer, valueSerializer);
        IdleTopics idleTopics = new IdleTopics(parts, intake);
        this.closing = new ProducerClosing(
                parts,
                waitingRoom,
                idleTopics,
                loopEnd,
                intake::close,
                intake::refused,
                List.of(keySerializer, valueSerializer));
        loopEnd.watch();
        idleTopics.start();
    }

    /** The cluster was described anew. Event loop. */
    public void onClusterChanged() {
        waitingRoom.onClusterChanged();
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

    private void requireOpen() {
        if (closing.hasBegun()) {
            throw failures.closed();
        }
    }
}
