package dev.millrace.spring;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.Producer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Waits until a producer has heard of its cluster. */
final class StartupCheck {

    private static final long LOOK_EVERY_MILLIS = 20;
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    private StartupCheck() {}

    /**
     * Returns once the cluster was described.
     *
     * @throws ProducerStartupException if it was not in time
     */
    static void run(String name, Producer<?, ?> producer, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        CompletableFuture<PipelineSnapshot> answered = look(producer, deadlineNanos);
        Uninterruptibly.await(answered, timeout.toNanos());
        PipelineSnapshot last = answered.isDone() && !answered.isCompletedExceptionally() ? answered.join() : null;
        if (last == null || last.metadataAgeNanos() < 0) {
            throw new ProducerStartupException(name, timeout, last == null ? null : last.metadataProblem());
        }
    }

    /** The first snapshot that shows a described cluster, or the last one before the deadline. */
    private static CompletableFuture<PipelineSnapshot> look(Producer<?, ?> producer, long deadlineNanos) {
        return producer.snapshot().thenCompose(seen -> {
            long nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LOOK_EVERY_MILLIS);
            if (seen.metadataAgeNanos() >= 0 || nextNanos - deadlineNanos >= 0) {
                return CompletableFuture.completedFuture(seen);
            }
            return CompletableFuture.runAsync(() -> {}, LATER).thenCompose(later -> look(producer, deadlineNanos));
        });
    }
}
