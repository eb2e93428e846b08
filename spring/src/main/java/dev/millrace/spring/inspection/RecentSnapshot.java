package dev.millrace.spring.inspection;

import dev.millrace.producer.PipelineSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot of a pipeline that is not much older than the one who asks, however many ask. A new one is asked for if the
 * last is older than {@value #FRESH_MILLIS} ms; whoever comes meanwhile waits for the same one.
 *
 * <p>Snapshots are handed over behind the callbacks of the application. If those take long, askers wait once and get the
 * last snapshot there was until the new one comes. Safe for use by any number of threads.
 */
public final class RecentSnapshot {

    /** How old a snapshot may be. */
    public static final long FRESH_MILLIS = 500;

    private static final Logger LOGGER = LoggerFactory.getLogger(RecentSnapshot.class);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);

    private final Supplier<CompletableFuture<PipelineSnapshot>> source;
    private final LongSupplier nanoTime;

    /** Guards what follows; never held while somebody waits. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable CompletableFuture<PipelineSnapshot> asked; // null before the first question
    private long askedNanos;
    private @Nullable PipelineSnapshot last; // null before the first answer
    private boolean isLate; // somebody has waited in vain for what was asked

    /** Over a producer's snapshots; asks for none. */
    public RecentSnapshot(Supplier<CompletableFuture<PipelineSnapshot>> source) {
        this(source, System::nanoTime);
    }

    /** With another clock. */
    RecentSnapshot(Supplier<CompletableFuture<PipelineSnapshot>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /**
     * The pipeline as it is, or was.
     *
     * @param patienceMillis how long to wait for a new snapshot
     * @return null if there never was one in time
     */
    public @Nullable PipelineSnapshot look(long patienceMillis) {
        CompletableFuture<PipelineSnapshot> answer;
        boolean mayWait;
        lock.lock();
        try {
            answer = asked;
            long now = nanoTime.getAsLong();
            if (answer == null || (answer.isDone() && now - askedNanos >= FRESH_NANOS)) {
                answer = ask();
                asked = answer;
                askedNanos = now;
                isLate = false;
            }
            mayWait = !isLate;
        } finally {
            lock.unlock();
        }
        return take(answer, mayWait ? patienceMillis : 0);
    }

    private CompletableFuture<PipelineSnapshot> ask() {
        try {
            return source.get();
        } catch (RuntimeException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }

    private @Nullable PipelineSnapshot take(CompletableFuture<PipelineSnapshot> answer, long patienceMillis) {
        try {
            return remember(answer.get(patienceMillis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            LOGGER.debug("a snapshot was not there in time: patience={} ms", patienceMillis);
            return lastIfLate(answer);
        } catch (ExecutionException closed) {
            LOGGER.debug("no snapshot of a producer that has closed", closed);
            return lastIfLate(answer);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return lastIfLate(answer);
        }
    }

    private PipelineSnapshot remember(PipelineSnapshot snapshot) {
        lock.lock();
        try {
            last = snapshot;
            return snapshot;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable PipelineSnapshot lastIfLate(CompletableFuture<PipelineSnapshot> answer) {
        lock.lock();
        try {
            isLate = isLate || answer == asked;
            return last;
        } finally {
            lock.unlock();
        }
    }
}
