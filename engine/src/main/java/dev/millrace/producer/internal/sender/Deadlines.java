package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Fails records whose delivery timeout has passed, wherever they are. One timer for each partition that holds records, set
 * for the oldest; it is not moved when that one ends but looks again when it fires.
 */
@EventLoopOnly
final class Deadlines {

    /** How long a batch stays open, as a part of the delivery timeout; it is looked at as often. */
    private static final int OPEN_SHARE = 20;

    private final SenderSettings settings;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Completions completions;
    private final SendFailures failures;
    private final Sealing sealing;
    private final Consumer<PartitionState> onDeadline;
    private final Function<PartitionState, Obstacle> obstacle;

    Deadlines(
            SenderParts parts,
            SendFailures failures,
            Sealing sealing,
            Consumer<PartitionState> onDeadline,
            Function<PartitionState, Obstacle> obstacle) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.completions = parts.completions();
        this.failures = failures;
        this.sealing = sealing;
        this.onDeadline = onDeadline;
        this.obstacle = obstacle;
    }

    /** Sees to it that the partition's oldest record fails in time, and that batches do not stay open for too long. */
    void watch(PartitionState partition) {
        if (partition.deadline == null) {
            Long oldestNanos = partition.oldestNanos();
            if (oldestNanos != null) {
                long leftNanos = settings.deliveryTimeoutNanos() - (loop.nanos() - oldestNanos);
                partition.deadline = loop.schedule(Math.min(leftNanos, openNanos()), () -> fire(partition));
            }
        }
    }

    void stop(PartitionState partition) {
        if (partition.deadline != null) {
            partition.deadline.cancel();
            partition.deadline = null;
        }
    }

    private void fire(PartitionState partition) {
        partition.deadline = null;
        partition.queue().closeIfOpenFor(openNanos(), loop.nanos());
        onDeadline.accept(partition);
    }

    /** While nothing can be sent a batch would grow for ever, and its last records fail when they are new. */
    private long openNanos() {
        return settings.deliveryTimeoutNanos() / OPEN_SHARE;
    }

    /** Fails what of the partition has waited for too long. */
    void failExpired(PartitionState partition) {
        if (queueHasExpired(partition) || sealingHasExpired(partition)) {
            Obstacle before = obstacle.apply(partition); // what is under way may be the obstacle, and may end here
            failUnderway(partition);
            failQueued(partition, before);
        } else {
            failUnderway(partition);
        }
    }

    private void failUnderway(PartitionState partition) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            if (!batch.batch().isCompleted() && hasExpired(batch.batch().createdNanos())) {
                completions.fail(batch.batch(), failures.timedOut(batch));
                if (!batch.isBorrowed()) {
                    try {
                        partition.abandoned(batch);
                    } finally {
                        accumulator.release(batch.batch()); // nobody knows the batch any more
                    }
                }
            }
        }
    }

    private void failQueued(PartitionState partition, Obstacle before) {
        sealing.fail(
                partition, batch -> hasExpired(batch.createdNanos()), batch -> failures.timedOutInQueue(batch, before));
        while (queueHasExpired(partition)) {
            ProducerBatch expired = partition.queue().drain();
            if (expired != null) {
                completions.fail(expired, failures.timedOutInQueue(expired, before));
                accumulator.release(expired);
            }
        }
    }

    private boolean sealingHasExpired(PartitionState partition) {
        return partition.sealing().stream()
                .anyMatch(each -> hasExpired(each.batch().createdNanos()));
    }

    private boolean queueHasExpired(PartitionState partition) {
        return partition.queue().headBytes() > 0 && hasExpired(partition.queue().oldestNanos());
    }

    private boolean hasExpired(long createdNanos) {
        return loop.nanos() - createdNanos >= settings.deliveryTimeoutNanos();
    }
}
