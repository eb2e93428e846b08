package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.LateChoice;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.accumulator.UnassignedRecord;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.client.InterceptorChain.Followed;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.Serializer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
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
    private final Completions completions;
    private final ObserverRelay observer;
    private final WallClock clock;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final @Nullable UserPartitioner<K, V> partitioner; // null if the engine chooses
    private final boolean mayBeLate; // the bytes of a key or a value may not be there at once
    private final AtomicLong usualLateBytes = new AtomicLong();
    private final SizeLimits sizeLimits;
    private final InterceptorChain<K, V> interceptors;
    private final WaitRules waitRules;
    private final AtomicLong refusedBytes = new AtomicLong(); // of the record trySend had no room for last

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
            PlugIns<K, V> plugIns) {
        this.settings = parts.settings();
        this.failures = failures;
        this.accumulator = parts.accumulator();
        this.pool = parts.pool();
        this.metadata = parts.metadata();
        this.waitingRoom = waitingRoom;
        this.loopEnd = loopEnd;
        this.loop = parts.loop();
        this.completions = parts.completions();
        this.observer = parts.observer();
        this.clock = parts.clock();
        this.keySerializer = plugIns.keySerializer();
        this.valueSerializer = plugIns.valueSerializer();
        this.mayBeLate = keySerializer instanceof AsyncSerializer || valueSerializer instanceof AsyncSerializer;
        this.sizeLimits = new SizeLimits(parts, failures);
        Partitioner<? super K, ? super V> chooser = plugIns.partitioner();
        this.partitioner = chooser == null ? null : new UserPartitioner<>(chooser, failures);
        this.interceptors = new InterceptorChain<>(settings.logPrefix(), plugIns.interceptors());
        this.waitRules = new WaitRules(loop, parts.delivery(), plugIns.nonBlocking());
    }

    /**
     * Takes a record, waiting for memory if it must and this thread may.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    RecordCompletion accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        if (interceptors.isEmpty()) {
            RecordCompletion completion = new RecordCompletion(callback);
            offer(record, completion, null, true);
            return completion;
        }
        Followed<K, V> followed = interceptors.onSend(record, callback);
        RecordCompletion completion = new RecordCompletion(followed);
        offer(followed.record(), completion, followed, true);
        return completion;
    }

    /**
     * Refuses a record for a reason that has nothing to do with it. Without a callback its future has failed already.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    RecordCompletion refuse(ProducerRecord<K, V> record, @Nullable SendCallback callback, ProducerException why) {
        ProducerRecord<K, V> seen = record;
        SendCallback told = callback;
        if (!interceptors.isEmpty()) {
            Followed<K, V> followed = interceptors.onSend(record, callback);
            seen = followed.record();
            if (callback == null) {
                tellInterceptors(followed, why);
            } else {
                told = followed;
            }
        }
        RecordCompletion completion = new RecordCompletion(told);
        Patience patience = new Patience();
        patience.start(true);
        try {
            refuse(seen, completion, why, patience);
        } catch (IllegalStateException closed) {
            if (told instanceof Followed<?, ?> followed) {
                tellInterceptors(followed, failures.closedWhileSending(seen.topic()));
            }
            throw closed;
        }
        return completion;
    }

    /** A record that is to be accepted when there is room, the interceptors having seen it. */
    static final class Attempt<K extends @Nullable Object, V extends @Nullable Object> {
        private final ProducerRecord<K, V> record;
        private final @Nullable SendCallback callback;
        private final @Nullable Followed<K, V> followed; // null without interceptors

        Attempt(ProducerRecord<K, V> record, @Nullable SendCallback callback, @Nullable Followed<K, V> followed) {
            this.record = record;
            this.callback = callback;
            this.followed = followed;
        }
    }

    /** Shows a record to the interceptors, to be tried any number of times and then accepted or abandoned. */
    Attempt<K, V> attempt(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        if (interceptors.isEmpty()) {
            return new Attempt<>(record, callback, null);
        }
        Followed<K, V> followed = interceptors.onSend(record, callback);
        return new Attempt<>(followed.record(), followed, followed);
    }

    /**
     * Takes a record if there is room for it right now.
     *
     * @return null if there is none; nothing is kept
     * @throws IllegalStateException if the producer closed meanwhile
     */
    @Nullable RecordCompletion tryAccept(Attempt<K, V> attempt) {
        RecordCompletion completion = new RecordCompletion(attempt.callback);
        return offer(attempt.record, completion, attempt.followed, false) ? completion : null;
    }

    /** The attempt is not made again: the interceptors hear of it, as nothing else will tell them. */
    void abandon(Attempt<K, V> attempt) {
        if (attempt.followed != null) {
            String topic = attempt.record.topic();
            tellInterceptors(
                    attempt.followed,
                    failures.noMemoryNow(
                            topic,
                            refusedBytes.get(),
                            pool.usage(),
                            completions.runningCallback(),
                            "trySend never waits"));
        }
    }

    /** Completes when there is room for a batch, or for what {@link #tryAccept} had no room for last. */
    CompletableFuture<Void> whenRoom() {
        long bytes = Math.max(settings.roomBytes(), refusedBytes.getAndSet(0));
        return accumulator.whenRoom(bytes, failures::closedWhileWaitingForRoom);
    }

    private boolean offer(
            ProducerRecord<K, V> record,
            RecordCompletion completion,
            @Nullable Followed<K, V> followed,
            boolean mayWait) {
        SendScratch scratch = scratches.take();
        try {
            scratch.patience().start(mayWait);
            LateSerialization late = mayBeLate
                    ? LateSerialization.begin(
                            record, keySerializer, valueSerializer, usualLateBytes, completion, followed)
                    : null;
            ProducerException refusal;
            if (late != null && !late.isDone()) {
                refusal = appendWithoutBytes(record, scratch, late);
            } else {
                refusal = late == null ? serialize(record, scratch) : serialized(late, record, scratch);
                if (refusal == null) {
                    refusal = appendWithBytes(record, scratch, completion, followed);
                }
            }
            if (refusal != null) {
                refuse(record, completion, refusal, scratch.patience());
            }
            return !scratch.patience().isExhaustedWithoutWords();
        } catch (IllegalStateException closed) {
            if (followed != null) {
                tellInterceptors(followed, failures.closedWhileSending(record.topic()));
            }
            throw closed;
        } finally {
            scratches.give(scratch);
        }
    }

    private @Nullable ProducerException appendWithBytes(
            ProducerRecord<K, V> record,
            SendScratch scratch,
            RecordCompletion completion,
            @Nullable Followed<K, V> followed) {
        SerializedRecord bytes = scratch.record();
        if (followed != null) {
            followed.sentWith(bytes.headers());
        }
        completion.describe(bytes.timestampMillis(), bytes.keyLength(), bytes.valueLength());
        ProducerException refusal = sizeLimits.check(record.topic(), bytes);
        return refusal == null ? append(record, scratch, completion) : refusal;
    }

    private void tellInterceptors(Followed<?, ?> followed, ProducerException failure) {
        ProducerRecord<?, ?> record = followed.record();
        RecordCompletion told = new RecordCompletion(followed.withoutUser());
        try {
            completions.refuse(record.topic(), partitionNamedBy(record), told, failure);
        } catch (RejectedExecutionException e) {
            told.fail(record.topic(), partitionNamedBy(record), failure); // nothing is delivered any more
        }
    }

    private static int partitionNamedBy(ProducerRecord<?, ?> record) {
        Integer chosen = record.partition();
        return chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
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
        setTimestamp(record, scratch);
        return null;
    }

    /** For serializers that could have taken their time, and did not. */
    private @Nullable ProducerException serialized(
            LateSerialization late, ProducerRecord<K, V> record, SendScratch scratch) {
        LateSerialization.Part part = late.missingPart();
        Throwable thrown = part.failure();
        if (thrown != null) {
            return failures.serialization(record.topic(), part.name(), part.object(), thrown);
        }
        setTimestamp(record, scratch);
        late.writeTo(scratch.record());
        return null;
    }

    private void setTimestamp(ProducerRecord<K, V> record, SendScratch scratch) {
        Long timestamp = record.timestamp();
        scratch.record().setTimestampMillis(timestamp == null ? clock.millis() : timestamp);
    }

    /** An object that contains itself ends in a stack overflow; every other error of the JVM is not about the record. */
    static void throwIfNotTheRecords(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
            throw error;
        }
    }

    private @Nullable ProducerException append(
            ProducerRecord<K, V> record, SendScratch scratch, RecordCompletion completion) {
        SerializedRecord bytes = scratch.record();
        Patience patience = scratch.patience();
        TopicRoute route = routeTo(record.topic());
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
                        acceptance = appendTo(route, topic, chosen, bytes, completion, patience);
                    }
                }
                if (acceptance == null) {
                    TopicRoute current = route;
                    Integer partition = chosen;
                    acceptance = wait(
                            route,
                            unassigned(record, bytes, chosen, completion),
                            patience,
                            earlier -> mustWait(current, partition, earlier));
                    needNotWait = acceptance == null; // those that wait, wait for a partition the topic does not have
                }
                if (acceptance == Acceptance.RETIRED) {
                    forget(route);
                    route = routeTo(record.topic());
                    acceptance = null;
                    needNotWait = false;
                }
            }
            return refusalFor(acceptance, record.topic(), bytes, patience);
        } catch (ProducerException e) { // the user's partitioner did not choose
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            throw closedBy(e);
        }
    }

    /** Accepts a record whose bytes have yet to come; until then it waits with those that wait for the cluster. */
    private @Nullable ProducerException appendWithoutBytes(
            ProducerRecord<K, V> record, SendScratch scratch, LateSerialization late) {
        SerializedRecord known = scratch.record();
        setTimestamp(record, scratch);
        known.setHeaders(record.headers());
        late.writeKeyTo(known);
        Integer chosen = record.partition();
        LateChoice choice = chosen != null || partitioner == null ? null : partitioner.defer(record);
        UnassignedRecord unassigned = new UnassignedRecord(known, chosen, choice, late, late.completion());
        TopicRoute route = routeTo(record.topic());
        try {
            metadata.track(record.topic());
            TopicSnapshot topic = metadata.snapshot().topic(record.topic());
            if (topic != null && WaitingRoom.isRefused(topic)) {
                return failures.topicRefused(record.topic(), topic.error());
            }
            Acceptance acceptance = wait(route, unassigned, scratch.patience(), earlier -> true);
            while (acceptance == Acceptance.RETIRED) {
                forget(route);
                route = routeTo(record.topic());
                acceptance = wait(route, unassigned, scratch.patience(), earlier -> true);
            }
            if (acceptance == Acceptance.ACCEPTED) {
                waitingRoom.awaitBytes(route, late);
                return null;
            }
            return acceptance == null ? null : refusalFor(acceptance, record.topic(), known, scratch.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            throw closedBy(e);
        }
    }

    private IllegalStateException closedBy(RejectedExecutionException loopEnded) {
        IllegalStateException closed = failures.closed();
        closed.initCause(loopEnded);
        return closed;
    }

    /** Appends to the partition chosen, or now to be chosen; null if the topic does not have it yet. */
    private @Nullable Acceptance appendTo(
            TopicRoute route,
            TopicSnapshot topic,
            @Nullable Integer chosen,
            SerializedRecord bytes,
            RecordCompletion completion,
            Patience patience)
            throws InterruptedException {
        int partition = route.partitionFor(topic, chosen, bytes);
        if (partition == RecordMetadata.UNKNOWN_PARTITION) {
            return null;
        }
        Acceptance acceptance = append(route.queues().queue(partition), bytes, completion, patience);
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

    private Acceptance append(
            PartitionQueue queue, SerializedRecord bytes, RecordCompletion completion, Patience patience)
            throws InterruptedException {
        Acceptance acceptance = accumulator.append(queue, bytes, completion, 0);
        if (acceptance != Acceptance.NO_MEMORY) {
            return acceptance;
        }
        long waitNanos = patience.leftNanos(settings, waitRules, loop);
        if (waitNanos <= 0) {
            return acceptance;
        }
        long sinceNanos = loop.nanos();
        Acceptance afterwards = accumulator.append(queue, bytes, completion, waitNanos);
        tellWaited(queue.topicPartition().topic(), sinceNanos, afterwards == Acceptance.ACCEPTED);
        return afterwards;
    }

    private @Nullable Acceptance wait(
            TopicRoute route, UnassignedRecord record, Patience patience, Predicate<Iterable<WaitingRecord>> mustWait)
            throws InterruptedException {
        Acceptance acceptance = accumulator.appendUnassigned(route.queues(), record, mustWait, 0);
        if (acceptance == Acceptance.NO_MEMORY) {
            long waitNanos = patience.leftNanos(settings, waitRules, loop);
            if (waitNanos > 0) {
                long sinceNanos = loop.nanos();
                acceptance = accumulator.appendUnassigned(route.queues(), record, mustWait, waitNanos);
                tellWaited(route.topic(), sinceNanos, acceptance == Acceptance.ACCEPTED);
            }
        }
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
            Acceptance acceptance, String topic, SerializedRecord bytes, Patience patience) {
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

    private void refuse(
            ProducerRecord<K, V> record, RecordCompletion completion, ProducerException refusal, Patience patience) {
        int partition = partitionNamedBy(record);
        completions.announceRefusal(refusal);
        if (completion.hasCallback() && pool.usage().withheldBytes() > 0) {
            waitForCallbacks(patience);
        }
        synchronized (refusing) {
            if (closed) {
                throw failures.closed();
            }
            refused++;
            if (completion.hasCallback()) {
                completions.refuse(record.topic(), partition, completion, refusal);
            }
            tellRefused(record.topic(), partition, refusal);
        }
        if (!completion.hasCallback()) {
            completion.fail(record.topic(), partition, refusal);
        }
    }

    private void tellRefused(String topic, int partition, ProducerException failure) {
        if (observer.isActive()) {
            RecordRefusal refusal = new RecordRefusal(topic, partition, failure);
            observer.tell(to -> to.onRecordRefused(refusal));
        }
    }

    private void tellWaited(String topic, long sinceNanos, boolean granted) {
        if (observer.isActive()) {
            BufferWait wait = new BufferWait(topic, loop.nanos() - sinceNanos, granted);
            observer.tell(to -> to.onBufferWait(wait));
        }
    }

    /** Refused records need no memory; they too must not heap up in front of slow callbacks. */
    private void waitForCallbacks(Patience patience) {
        try {
            accumulator.awaitRoom(patience.leftNanos(settings, waitRules, loop));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the record's refusal is told all the same
        }
    }

    private TopicRoute routeTo(String topic) {
        TopicRoute route = routes.get(topic);
        return route != null ? route : routes.computeIfAbsent(topic, this::newRoute);
    }

    private TopicRoute newRoute(String topic) {
        return new TopicRoute(accumulator.topic(topic), settings.partitioning(), metadata::snapshot, loop::nanos);
    }
}
