package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllOptions.OnFailure;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of {@code sendAll}: takes records from a source as long as there is room for them, and counts what becomes of
 * them. Holds no thread.
 *
 * <p>{@link #work} is the whole policy. It runs on one thread at a time, for every {@link #signal}: the source has
 * something, a record ended, there is room again, the user cancelled. What is not atomic here belongs to it.
 */
final class PacedSend<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Logger LOG = LoggerFactory.getLogger(PacedSend.class);

    /** For a source whose signals come on threads of its own. */
    static final Executor INLINE = Runnable::run;

    private static final int SLICE = 128; // then an executor with other tasks gets to them

    /** Where the records come from. Called by {@link #work} only. */
    interface Source<K extends @Nullable Object, V extends @Nullable Object> {

        /** The next record; null if there is none now or none any more. */
        @Nullable
        ProducerRecord<K, V> next() throws Exception;

        /** Whether there will be none any more. */
        boolean isExhausted();

        /** What the source failed with, once it is exhausted. */
        @Nullable
        Throwable failure();

        /** No more records are wanted. Called once. */
        void cancel();
    }

    private final PacedDepartures<K, V> departures;
    private final AcceptFailures failures;
    private final Executor delivery;
    private final Source<K, V> source;
    private final SendAllOptions options;
    private final Executor executor;
    private final CompletableFuture<SendAllResult> result = new CompletableFuture<>();
    private final SendCallback onEnd = this::ended;

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile @Nullable ProducerException firstFailure; // written by the delivery thread
    private volatile @Nullable Throwable stoppedBy;
    private volatile boolean awaitsRoom;

    private long sent;
    private boolean cancelled;
    private boolean finished;

    /** Nothing happens before the first {@link #signal}. */
    PacedSend(
            PacedDepartures<K, V> departures,
            AcceptFailures failures,
            Executor delivery,
            Executor executor,
            Source<K, V> source,
            SendAllOptions options) {
        this.departures = departures;
        this.failures = failures;
        this.delivery = delivery;
        this.executor = executor;
        this.source = source;
        this.options = options;
        CompletableFuture<SendAllResult> unused = result.whenComplete((counts, failure) -> {
            if (failure != null) {
                signal(); // the user cancelled
            }
        });
    }

    CompletableFuture<SendAllResult> result() {
        return result;
    }

    /** The producer closes: nothing more is read. Any thread. */
    void close() {
        stoppedBy = failures.closedWhileSendingAll();
        signal();
    }

    /** Something has changed. Any thread. */
    void signal() {
        if (signals.getAndIncrement() == 0) {
            start();
        }
    }

    private void start() {
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException e) {
            stoppedBy = e; // whoever ended the executor ended the reading
            work();
        }
    }

    private void work() {
        int seen = 1;
        while (seen != 0) {
            if (!sendWhatFits()) {
                if (executor != INLINE) {
                    start();
                    return;
                }
            } else {
                seen = signals.addAndGet(-seen);
            }
        }
    }

    /** Returns false if it should go on after other tasks had their turn. */
    private boolean sendWhatFits() {
        int slice = 0;
        while (!isStopped() && !awaitsRoom && inFlight.get() < options.maxInFlight()) {
            if (!departures.hasNext() && !pull()) {
                break;
            }
            offer();
            if (++slice == SLICE) {
                return false;
            }
        }
        if (isStopped() && !cancelled) {
            cancelled = true;
            giveUp();
        }
        if (!finished && !departures.hasNext() && inFlight.get() == 0 && (cancelled || source.isExhausted())) {
            finished = true;
            finish();
        }
        return true;
    }

    private boolean pull() {
        try {
            ProducerRecord<K, V> record = source.next();
            if (record != null) {
                departures.prepare(record, onEnd);
            }
            return record != null;
        } catch (Throwable e) {
            RecordSerialization.throwIfNotTheRecords(e);
            stoppedBy = e;
            return false;
        }
    }

    private void offer() {
        inFlight.incrementAndGet(); // before the record can end
        boolean accepted = false;
        try {
            accepted = departures.tryDepart();
        } catch (IllegalStateException e) {
            close();
        }
        if (accepted) {
            sent++;
            return;
        }
        inFlight.decrementAndGet();
        if (stoppedBy == null) {
            awaitRoom();
        }
    }

    private void awaitRoom() {
        awaitsRoom = true;
        CompletableFuture<Void> unused = departures.whenRoom().whenComplete((nothing, failure) -> {
            awaitsRoom = false; // if the producer closed, the next attempt says so
            signal();
        });
    }

    private void ended(RecordMetadata metadata, @Nullable ProducerException failure) {
        if (failure == null) {
            delivered.increment();
        } else {
            failed.increment();
            if (firstFailure == null) {
                firstFailure = failure;
            }
        }
        int left = inFlight.decrementAndGet();
        boolean stops = failure != null && options.onFailure() == OnFailure.STOP;
        if (left == 0 || left == options.maxInFlight() / 2 || stops) {
            signal(); // what was held back by the bound goes on when half of it is free, not for each record
        }
    }

    private boolean isStopped() {
        return stoppedBy != null || (options.onFailure() == OnFailure.STOP && firstFailure != null) || result.isDone();
    }

    private void giveUp() {
        try {
            source.cancel();
        } catch (RuntimeException e) {
            LOG.warn("the source of a sendAll failed to cancel; nothing more is taken from it", e);
        }
        departures.drop();
    }

    private void finish() {
        Throwable why = stoppedBy;
        SendAllResult counts = new SendAllResult(
                sent, delivered.sum(), failed.sum(), firstFailure, why != null ? why : source.failure());
        try {
            delivery.execute(() -> result.complete(counts));
        } catch (RejectedExecutionException closed) {
            result.complete(counts); // nothing is delivered any more; rather here than never
        }
    }
}
