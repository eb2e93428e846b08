package dev.millrace.testkit.recording;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ProducerException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is to go wrong. Its own lock guards it; nothing is called under it. */
final class Script {

    private final Deque<Function<ProducerRecord<?, ?>, ProducerException>> failures = new ArrayDeque<>();
    private final Deque<TransactionOutcome> outcomes = new ArrayDeque<>();
    private boolean isHolding;
    private @Nullable CompletableFuture<Void> writable; // null while there is space

    synchronized void failNext(Function<ProducerRecord<?, ?>, ProducerException> failure) {
        failures.add(failure);
    }

    @Nullable ProducerException takeFailure(ProducerRecord<?, ?> record) {
        Function<ProducerRecord<?, ?>, ProducerException> next;
        synchronized (this) {
            next = failures.poll();
        }
        return next == null ? null : next.apply(record);
    }

    synchronized void endNextCommit(TransactionOutcome outcome) {
        outcomes.add(outcome);
    }

    synchronized @Nullable TransactionOutcome takeOutcome() {
        return outcomes.poll();
    }

    synchronized void setHolding(boolean holding) {
        isHolding = holding;
    }

    synchronized boolean isHolding() {
        return isHolding;
    }

    void setFull(boolean isFull) {
        CompletableFuture<Void> awaited = null;
        synchronized (this) {
            if (isFull && writable == null) {
                writable = new CompletableFuture<>();
            } else if (!isFull) {
                awaited = writable;
                writable = null;
            }
        }
        if (awaited != null) {
            awaited.complete(null);
        }
    }

    synchronized boolean isFull() {
        return writable != null;
    }

    /** A future for each caller: one who cancels his takes it from nobody else. */
    synchronized CompletableFuture<Void> whenWritable() {
        return writable == null ? CompletableFuture.completedFuture(null) : writable.copy();
    }

    void clear() {
        synchronized (this) {
            failures.clear();
            outcomes.clear();
            isHolding = false;
        }
        setFull(false);
    }
}
