package dev.millrace.producer.internal.client;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What users call of every producer, with transactions and without. Any thread. */
final class CallerSide<K extends @Nullable Object, V extends @Nullable Object> {

    private final ClientParts parts;
    private final AcceptFailures failures;
    private final WaitingRoom waitingRoom;
    private final RecordIntake<K, V> intake;
    private final PipelineInspection inspection;
    private final ProducerClosing closing;

    /** Wires the parts; nothing happens before the first record. */
    CallerSide(ClientParts parts, PlugIns<K, V> plugIns, CloseSteps steps) {
        this.parts = parts;
        this.failures = new AcceptFailures(parts.settings());
        this.waitingRoom = new WaitingRoom(parts, failures);
        LoopEnd loopEnd = new LoopEnd(parts, failures, waitingRoom);
        TopicRoutes routes = new TopicRoutes(parts);
        PatientAppend appends = new PatientAppend(parts, failures, loopEnd, plugIns.nonBlocking());
        Refusals refusals = new Refusals(parts, failures, appends);
        this.intake = new RecordIntake<>(
                parts,
                failures,
                plugIns,
                new RecordPlacement<>(parts, failures, waitingRoom, routes, appends, plugIns.partitioner()),
                appends,
                refusals);
        this.inspection = new PipelineInspection(parts, failures, refusals::count);
        IdleTopics idleTopics = new IdleTopics(parts, routes);
        this.closing = new ProducerClosing(
                parts, waitingRoom, steps, idleTopics, loopEnd, refusals::close, refusals::count, plugIns.own());
        loopEnd.watch();
        idleTopics.start();
        parts.telemetry().start(inspection::take);
    }

    AcceptFailures failures() {
        return failures;
    }

    WaitingRoom waitingRoom() {
        return waitingRoom;
    }

    RecordIntake<K, V> intake() {
        return intake;
    }

    /** Whether this is a thread of the engine's, on which nobody may wait for what happens there. */
    boolean inEngine() {
        return parts.loop().inEventLoop() || parts.delivery().inDelivery();
    }

    boolean hasBegunToClose() {
        return closing.hasBegun();
    }

    void requireOpen() {
        if (closing.hasBegun()) {
            throw failures.closed();
        }
    }

    CompletableFuture<RecordMetadata> accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        return intake.accept(record, callback);
    }

    @Nullable CompletableFuture<RecordMetadata> tryAccept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        RecordIntake.Attempt<K, V> attempt = intake.attempt(record, callback);
        CompletableFuture<RecordMetadata> accepted = intake.tryAccept(attempt);
        if (accepted == null) {
            intake.abandon(attempt);
        }
        return accepted;
    }

    CompletableFuture<RecordMetadata> refuse(
            ProducerRecord<K, V> record, @Nullable SendCallback callback, ProducerException why) {
        return intake.refuse(record, callback, why);
    }

    CompletableFuture<Void> whenWritable() {
        requireOpen();
        return intake.whenRoom();
    }

    CompletableFuture<Void> flush() {
        return parts.accumulator().flush();
    }

    CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        requireOpen();
        return waitingRoom.partitionsOf(topic);
    }

    CompletableFuture<PipelineSnapshot> snapshot() {
        return closing.hasBegun() ? CompletableFuture.failedFuture(failures.closed()) : inspection.take();
    }

    CompletableFuture<UUID> clientInstanceId() {
        return parts.telemetry().clientInstanceId();
    }

    CloseReport close(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("close timeout must not be negative: " + timeout.toMillis() + " ms");
        }
        return closing.close(timeout);
    }

    CloseReport close() {
        return close(parts.settings().closeTimeout());
    }
}
