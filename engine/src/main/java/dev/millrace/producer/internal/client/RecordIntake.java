package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.LateChoice;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.accumulator.UnassignedRecord;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A record's way from {@code send} into the accumulator, on the caller's thread: serialize, check the size, choose the
 * partition, append. Whatever is wrong with the record or the cluster ends up in the record's future.
 */
final class RecordIntake<K extends @Nullable Object, V extends @Nullable Object> {

    private final ClientSettings settings;
    private final AcceptFailures failures;
    private final RecordAccumulator accumulator;
    private final BufferPool pool;
    private final ClusterMetadata metadata;
    private final WaitingRoom waitingRoom;
    private final EventLoop loop;
    private final Delivery delivery;
    private final WallClock clock;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final @Nullable UserPartitioner<K, V> partitioner; // null if the engine chooses

    private final SendScratch.Pool scratches = new SendScratch.Pool();
    private final ConcurrentMap<String, TopicRoute> routes = new ConcurrentHashMap<>();
    private final Object refusing = new Object();
    private long refused; // guarded by refusing
    private boolean closed; // guarded by refusing

    RecordIntake(ClientParts parts, AcceptFailures failures, WaitingRoom waitingRoom, PlugIns<K, V> plugIns) {
        this.settings = parts.settings();
        this.failures = failures;
        this.accumulator = parts.accumulator();
        this.pool = parts.pool();
        this.metadata = parts.metadata();
        this.waitingRoom = waitingRoom;
        this.loop = parts.loop();
        this.delivery = parts.delivery();
        this.clock = parts.clock();
        this.keySerializer = plugIns.keySerializer();
        this.valueSerializer = plugIns.valueSerializer();
        Partitioner<? super K, ? super V> chooser = plugIns.partitioner();
        this.partitioner = chooser == null ? null : new UserPartitioner<>(chooser, failures);
    }

    /**
     * Takes a record.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    RecordCompletion accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        RecordCompletion completion = new RecordCompletion(callback);
        SendScratch scratch = scratches.take();
        try {
            ProducerException refusal = serialize(record, scratch);
            if (refusal == null) {
                completion.describe(
                        scratch.record().timestampMillis(),
                        scratch.record().keyLength(),
                        scratch.record().valueLength());
                refusal = checkSize(record.topic(), scratch.record());
            }
            if (refusal == null) {
                refusal = append(record, scratch.record(), completion);
            }
            if (refusal != null) {
                refuse(record, completion, refusal);
            }
        } finally {
            scratches.give(scratch);
        }
        return completion;
    }

    /** Records whose futures failed before they got anywhere. */
    long refused() {
        synchronized (refusing) {
            return refused;
        }
    }

    /** From here on a record that would be refused is not taken at all: the producer counts what there was. */
    void close() {
        synchronized (refusing) {
            closed = true;
        }
    }

    private @Nullable ProducerException serialize(ProducerRecord<K, V> record, SendScratch scratch) {
        try {
            scratch.serializeKey(record.topic(), record.headers(), record.key(), keySerializer);
        } catch (Throwable e) {
            throwIfNotTheRecords(e);
            return failures.serialization(record.topic(), "key", record.key(), e);
        }
        try {
            scratch.serializeValue(record.value(), valueSerializer);
        } catch (Throwable e) {
            throwIfNotTheRecords(e);
            return failures.serialization(record.topic(), "value", record.value(), e);
        }
        Long timestamp = record.timestamp();
        scratch.record().setTimestampMillis(timestamp == null ? clock.millis() : timestamp);
        return null;
    }

    /** An object that contains itself ends in a stack overflow; every other error of the JVM is not about the record. */
    private static void throwIfNotTheRecords(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
            throw error;
        }
    }

    private @Nullable ProducerException checkSize(String topic, SerializedRecord record) {
        long bytes = record.batchUpperBoundBytes();
        if (bytes > settings.maxRequestBytes()) {
            return failures.tooLarge(topic, bytes);
        }
        if (BufferPool.chunksFor(bytes) > pool.limitChunks()) {
            return failures.largerThanBuffer(topic, bytes, pool.usage());
        }
        return null;
    }

    private @Nullable ProducerException append(
            ProducerRecord<K, V> record, SerializedRecord bytes, RecordCompletion completion) {
        TopicRoute route = routeTo(record.topic());
        long waitNanos = loop.inEventLoop() || delivery.inDelivery() ? 0 : settings.maxBlockNanos();
        try {
            metadata.track(record.topic());
            Integer chosen = record.partition();
            Acceptance acceptance = null;
            boolean needNotWait = false;
            while (acceptance == null) {
                TopicSnapshot topic = metadata.snapshot().topic(record.topic());
                if (topic != null && WaitingRoom.isRefused(topic)) {
                    return failures.topicRefused(record.topic(), topic.error());
                }
                if (topic != null && topic.partitionCount() > 0) {
                    if (chosen == null && partitioner != null) { // once, however often the loop turns
                        chosen = partitioner.choose(record, bytes, route.viewOf(topic));
                    }
                    if (needNotWait || !route.queues().hasWaiting()) {
                        acceptance = appendTo(route, topic, chosen, bytes, completion, waitNanos);
                    }
                }
                if (acceptance == null) {
                    acceptance = wait(route, unassigned(record, bytes, chosen, completion), waitNanos);
                    needNotWait = acceptance == null; // those that wait, wait for a partition the topic does not have
                }
            }
            return refusalFor(acceptance, record.topic(), bytes, waitNanos);
        } catch (ProducerException e) { // the user's partitioner did not choose
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            IllegalStateException closed = failures.closed();
            closed.initCause(e);
            throw closed;
        }
    }

    /** Appends to the partition chosen, or now to be chosen; null if the topic does not have it yet. */
    private @Nullable Acceptance appendTo(
            TopicRoute route,
            TopicSnapshot topic,
            @Nullable Integer chosen,
            SerializedRecord bytes,
            RecordCompletion completion,
            long waitNanos)
            throws InterruptedException {
        int partition = route.partitionFor(topic, chosen, bytes);
        if (partition == RecordMetadata.UNKNOWN_PARTITION) {
            return null;
        }
        Acceptance acceptance = accumulator.append(route.queues().queue(partition), bytes, completion, waitNanos);
        if (acceptance == Acceptance.ACCEPTED) {
            route.appended(topic, chosen, bytes, partition, completion.grownBytes());
        }
        return acceptance;
    }

    private UnassignedRecord unassigned(
            ProducerRecord<K, V> record,
            SerializedRecord bytes,
            @Nullable Integer chosen,
            RecordCompletion completion) {
        LateChoice choice = chosen != null || partitioner == null ? null : partitioner.defer(record);
        return new UnassignedRecord(bytes, chosen, choice, completion);
    }

    private @Nullable Acceptance wait(TopicRoute route, UnassignedRecord record, long waitNanos)
            throws InterruptedException {
        waitingRoom.expect(route);
        Acceptance acceptance = accumulator.appendUnassigned(
                route.queues(), record, earlier -> mustWait(route, record.partition(), earlier), waitNanos);
        if (acceptance == Acceptance.ACCEPTED) {
            enter(route);
        }
        return acceptance;
    }

    private void enter(TopicRoute route) {
        try {
            waitingRoom.entered(route);
        } catch (RejectedExecutionException closed) {
            return; // the close that ended the loop has failed the record
        }
    }

    /** Whether a record cannot be assigned yet, or another one that will be assigned has to go before it. */
    private boolean mustWait(TopicRoute route, @Nullable Integer partition, Iterable<WaitingRecord> earlier) {
        TopicSnapshot topic = metadata.snapshot().topic(route.topic());
        if (topic == null || topic.partitionCount() == 0) {
            return topic == null || !WaitingRoom.isRefused(topic);
        }
        if (partition != null && partition >= topic.partitionCount()) {
            return true;
        }
        for (WaitingRecord waiting : earlier) {
            Integer chosen = waiting.partition();
            if (chosen == null || chosen < topic.partitionCount()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ProducerException refusalFor(
            Acceptance acceptance, String topic, SerializedRecord bytes, long waitNanos) {
        switch (acceptance) {
            case NO_MEMORY:
                return failures.noMemory(topic, bytes.batchUpperBoundBytes(), pool.usage(), waitNanos);
            case CLOSED:
                throw failures.closed();
            case ACCEPTED:
            default:
                return null;
        }
    }

    private void refuse(ProducerRecord<K, V> record, RecordCompletion completion, ProducerException refusal) {
        Integer chosen = record.partition();
        int partition = chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
        synchronized (refusing) {
            if (closed) {
                throw failures.closed();
            }
            refused++;
            if (completion.hasCallback()) {
                delivery.execute(() -> completion.fail(record.topic(), partition, refusal));
                return;
            }
        }
        completion.fail(record.topic(), partition, refusal);
    }

    private TopicRoute routeTo(String topic) {
        TopicRoute route = routes.get(topic);
        return route != null ? route : routes.computeIfAbsent(topic, this::newRoute);
    }

    private TopicRoute newRoute(String topic) {
        return new TopicRoute(accumulator.topic(topic), settings.partitioning(), metadata::snapshot, loop::nanos);
    }
}
