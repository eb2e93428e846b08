package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordFollower.Followed;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends a source's records into one transaction, in order, no faster than the buffer takes them. Reading begins on the
 * caller's thread and goes on where space or answers are told of, the delivery executor, unless the options name another.
 *
 * <p>Nobody holds a lock while the source or the producer is called: whoever has something to tell raises a signal, and the
 * one that raised it first does the work of all ({@link #advance}).
 */
final class TransactionalSendAll<K extends @Nullable Object, V extends @Nullable Object>
        extends CompletableFuture<SendAllResult> implements SendCallback {

    private final TransactionalProducer<K, V> producer;
    private final RecordSource<K, V> source;
    private final SendAllOptions options;
    private final @Nullable RecordFollower<K, V> follower; // null if nobody has to know of each record
    private final Executor executor;

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable ProducerException> firstFailure = new AtomicReference<>();

    // Of the one that works.
    private @Nullable ProducerRecord<K, V> held; // taken from the source, and there was no space for it
    private @Nullable Followed<K, V> following; // of the record that is sent or held; null if nobody follows
    private boolean isAccepted;
    private @Nullable CompletableFuture<Void> space; // what is waited for meanwhile
    private long sent;
    private boolean isRead;
    private @Nullable Throwable stoppedBy;

    private TransactionalSendAll(
            TransactionalProducer<K, V> producer,
            RecordSource<K, V> source,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        this.producer = producer;
        this.source = source;
        this.options = options;
        this.follower = follower;
        Executor named = options.executor();
        this.executor = named == null ? Runnable::run : named;
    }

    static <K extends @Nullable Object, V extends @Nullable Object> CompletableFuture<SendAllResult> of(
            TransactionalProducer<K, V> producer,
            Iterable<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        TransactionalSendAll<K, V> sending =
                new TransactionalSendAll<>(producer, new RecordSource.OfIterable<>(records), options, follower);
        sending.signal();
        return sending;
    }

    static <K extends @Nullable Object, V extends @Nullable Object> CompletableFuture<SendAllResult> of(
            TransactionalProducer<K, V> producer,
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower) {
        RecordSource.OfPublisher<K, V> source = new RecordSource.OfPublisher<>();
        TransactionalSendAll<K, V> sending = new TransactionalSendAll<>(producer, source, options, follower);
        source.subscribeTo(records, sending::signal);
        return sending;
    }

    /** One record has ended. */
    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
        if (failure == null) {
            delivered.incrementAndGet();
        } else {
            firstFailure.compareAndSet(null, failure);
            failed.incrementAndGet();
        }
        signal();
    }

    /** Ends the reading; what was accepted stays in the transaction. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        signal();
        return isCancelled;
    }

    /** Dependent stages are plain futures: they have no source. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private void signal() {
        if (signals.getAndIncrement() == 0) {
            executor.execute(this::work);
        }
    }

    private void work() {
        int seen = 1;
        do {
            advance();
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void advance() {
        while (!isRead && !mustWait()) {
            if (isDone() || (failed.get() > 0 && options.onFailure() == SendAllOptions.OnFailure.STOP)) {
                stopReading(null);
            } else {
                sendNext();
            }
        }
        if (isRead && sent == delivered.get() + failed.get()) {
            complete(new SendAllResult(sent, delivered.get(), failed.get(), firstFailure.get(), stoppedBy));
        }
    }

    private boolean mustWait() {
        if (isDone()) {
            return false;
        }
        CompletableFuture<Void> awaited = space;
        return (awaited != null && !awaited.isDone())
                || sent - delivered.get() - failed.get() >= options.maxInFlight()
                || (held == null && !source.hasAnswer());
    }

    private void sendNext() {
        try {
            ProducerRecord<K, V> next = held == null ? source.next() : held;
            if (next == null) {
                stoppedBy = source.failure();
                isRead = true;
            } else {
                send(next);
            }
        } catch (RuntimeException | Error broken) {
            stopReading(broken);
        }
    }

    private void send(ProducerRecord<K, V> next) {
        if (held == null && follower != null) {
            following = follower.follow(next);
        }
        held = next;
        if (trySend(next)) {
            held = null;
            following = null;
            sent++;
        } else {
            awaitSpace();
        }
    }

    private boolean trySend(ProducerRecord<K, V> next) {
        Followed<K, V> followed = following;
        if (followed == null) {
            return producer.trySend(next, this) != null;
        }
        isAccepted = false;
        followed.run(() -> isAccepted = producer.trySend(followed.record(), tellingAlso(followed)) != null);
        return isAccepted;
    }

    private SendCallback tellingAlso(Followed<K, V> followed) {
        return (metadata, failure) -> {
            try {
                followed.onCompletion(metadata, failure);
            } finally {
                onCompletion(metadata, failure);
            }
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a producer that closes says so at the next record
    private void awaitSpace() {
        CompletableFuture<Void> awaited = producer.whenWritable();
        space = awaited;
        awaited.whenComplete((nothing, closed) -> signal());
    }

    private void stopReading(@Nullable Throwable why) {
        isRead = true;
        held = null;
        stoppedBy = why;
        source.cancel();
        Followed<K, V> dropped = following;
        following = null;
        if (dropped != null) {
            dropped.dropped();
        }
    }
}
