package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.accumulator.UnassignedRecord;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.partitioning.StickyPartition;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.serialization.Serializer;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
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
    private final LoopEnd loopEnd;
    private final EventLoop loop;
    private final Delivery delivery;
    private final WallClock clock;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;

    private final SendScratch.Pool scratches = new SendScratch.Pool();
    private final ConcurrentMap<String, TopicRoute> routes = new ConcurrentHashMap<>();
    private final Object refusing = new Object();
    private long refused; // guarded by refusing
    private boolean closed; // guarded by refusing

    RecordIntake(
            ClientParts parts,
            AcceptFailures failures,
            WaitingRoom waitingRoom,
            LoopEnd loopEnd,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer) {
        this.settings = parts.settings();
        this.failures = failures;
        this.accumulator = parts.accumulator();
        this.pool = parts.pool();
        this.metadata = parts.metadata();
        this.waitingRoom = waitingRoom;
        this.loopEnd = loopEnd;
        this.loop = parts.loop();
        this.delivery = parts.delivery();
        this.clock = parts.clock();
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
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

    /** The topic's queues were given up as idle. */
    void forget(TopicRoute route) {
        routes.remove(route.topic(), route);
    }

    /** How to the topics that are in use. */
    Collection<TopicRoute> routes() {
        return routes.values();
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
            Acceptance acceptance = null;
            boolean needNotWait = false;
            while (acceptance == null) {
                TopicSnapshot topic = metadata.snapshot().topic(record.topic());
                if (topic != null && WaitingRoom.isRefused(topic)) {
                    return failures.topicRefused(record.topic(), topic.error());
                }
                int partition = topic == null || topic.partitionCount() == 0
                        ? RecordMetadata.UNKNOWN_PARTITION
                        : route.partitionFor(topic, record.partition(), bytes);
                if (topic != null
                        && partition != RecordMetadata.UNKNOWN_PARTITION
                        && (needNotWait || !route.queues().hasWaiting())) {
                    acceptance = accumulator.append(route.queues().queue(partition), bytes, completion, waitNanos);
                    if (acceptance == Acceptance.ACCEPTED) {
                        route.appended(topic, record.partition(), bytes, partition);
                    }
                } else {
                    acceptance = wait(route, new UnassignedRecord(bytes, record.partition(), completion), waitNanos);
                    needNotWait = acceptance == null; // those that wait, wait for a partition the topic does not have
                }
                if (acceptance == Acceptance.RETIRED) {
                    forget(route);
                    route = routeTo(record.topic());
                    acceptance = null;
                    needNotWait = false;
                }
            }
            return refusalFor(acceptance, record.topic(), bytes, waitNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            IllegalStateException closed = failures.closed();
            closed.initCause(e);
            throw closed;
        }
    }

    private @Nullable Acceptance wait(TopicRoute route, UnassignedRecord record, long waitNanos)
            throws InterruptedException {
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
                ProducerException ended = loopEnd.failureFor(topic);
                if (ended == null) {
                    throw failures.closed();
                }
                return ended;
            case ACCEPTED:
            case RETIRED:
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
        StickyPartition sticky = new StickyPartition(Math.max(1, settings.stickyBytes()), ThreadLocalRandom::current);
        return new TopicRoute(accumulator.topic(topic), sticky, settings.ignoreKeys());
    }
}
