package dev.millrace.producer.internal.client;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.accumulator.UnassignedRecord;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.observe.BufferWait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Appends that wait for memory as long as their send may, and what is said when none came. Callers' threads. */
final class PatientAppend {

    private final ClientSettings settings;
    private final AcceptFailures failures;
    private final RecordAccumulator accumulator;
    private final BufferPool pool;
    private final Completions completions;
    private final LoopEnd loopEnd;
    private final EventLoop loop;
    private final ObserverRelay observer;
    private final WaitRules waitRules;
    private final AtomicLong refusedBytes = new AtomicLong(); // of the record trySend had no room for last

    PatientAppend(ClientParts parts, AcceptFailures failures, LoopEnd loopEnd, Predicate<? super Thread> nonBlocking) {
        this.settings = parts.settings();
        this.failures = failures;
        this.accumulator = parts.accumulator();
        this.pool = parts.pool();
        this.completions = parts.completions();
        this.loopEnd = loopEnd;
        this.loop = parts.loop();
        this.observer = parts.observer();
        this.waitRules = new WaitRules(loop, parts.delivery(), nonBlocking);
    }

    /** To the end of a partition's queue. */
    Acceptance append(PartitionQueue queue, SerializedRecord bytes, RecordCompletion completion, Patience patience)
            throws InterruptedException {
        Acceptance acceptance = accumulator.append(queue, bytes, completion, 0);
        if (acceptance != Acceptance.NO_MEMORY) {
            return acceptance;
        }
        long waitNanos = leftNanos(patience);
        if (waitNanos <= 0) {
            return acceptance;
        }
        long sinceNanos = loop.nanos();
        Acceptance afterwards = accumulator.append(queue, bytes, completion, waitNanos);
        tellWaited(queue.topicPartition().topic(), sinceNanos, afterwards == Acceptance.ACCEPTED);
        return afterwards;
    }

    /**
     * To the records that wait for their partition.
     *
     * @param mustWait asked with those that wait already, under the lock of the topic's queues
     * @return null if it need not wait
     */
    @Nullable Acceptance appendUnassigned(
            TopicQueues topic, UnassignedRecord record, Predicate<Iterable<WaitingRecord>> mustWait, Patience patience)
            throws InterruptedException {
        Acceptance acceptance = accumulator.appendUnassigned(topic, record, mustWait, 0);
        if (acceptance != Acceptance.NO_MEMORY) {
            return acceptance;
        }
        long waitNanos = leftNanos(patience);
        if (waitNanos <= 0) {
            return acceptance;
        }
        long sinceNanos = loop.nanos();
        Acceptance afterwards = accumulator.appendUnassigned(topic, record, mustWait, waitNanos);
        tellWaited(topic.topic(), sinceNanos, afterwards == Acceptance.ACCEPTED);
        return afterwards;
    }

    /**
     * What the record fails with after an append that came to this end; null for nothing, and for a {@code trySend} without
     * room, which the patience remembers.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    @Nullable ProducerException refusalFor(Acceptance acceptance, String topic, SerializedRecord bytes, Patience patience) {
        switch (acceptance) {
            case NO_MEMORY:
                return noMemory(topic, bytes.batchUpperBoundBytes(), patience);
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

    /** What is said of a record {@code trySend} had no room for. */
    ProducerException noRoomNow(String topic) {
        return failures.noMemoryNow(
                topic, refusedBytes.get(), pool.usage(), completions.runningCallback(), "trySend never waits");
    }

    /** Completes when there is room for a batch, or for what {@code trySend} had no room for last. */
    CompletableFuture<Void> whenRoom() {
        long bytes = Math.max(settings.roomBytes(), refusedBytes.getAndSet(0));
        return accumulator.whenRoom(bytes, failures::closedWhileWaitingForRoom);
    }

    /** Refused records need no memory; they too must not heap up in front of slow callbacks. */
    void awaitCallbacks(Patience patience) {
        if (pool.usage().withheldBytes() == 0) {
            return;
        }
        try {
            accumulator.awaitRoom(leftNanos(patience));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the record's refusal is told all the same
        }
    }

    private @Nullable ProducerException noMemory(String topic, long bytes, Patience patience) {
        if (!patience.mayWait()) {
            refusedBytes.set(bytes);
            patience.exhaustWithoutWords(); // trySend says so with a null
            return null;
        }
        String obstacle = patience.obstacle();
        return obstacle == null
                ? failures.noMemory(topic, bytes, pool.usage(), completions.runningCallback())
                : failures.noMemoryNow(topic, bytes, pool.usage(), completions.runningCallback(), obstacle);
    }

    private long leftNanos(Patience patience) {
        return patience.leftNanos(settings, waitRules, loop);
    }

    private void tellWaited(String topic, long sinceNanos, boolean granted) {
        if (observer.isActive()) {
            BufferWait wait = new BufferWait(topic, loop.nanos() - sinceNanos, granted);
            observer.tell(to -> to.onBufferWait(wait));
        }
    }
}
