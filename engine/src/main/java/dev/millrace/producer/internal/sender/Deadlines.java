package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.OpenTime;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Fails records whose delivery timeout has passed, wherever they are: a batch when its last record has had it, so that none
 * fails early. One timer for each partition that holds records, set for the oldest batch, or for the next look at the open
 * one ({@link OpenTime}); it is not moved when that one ends but looks again when it fires.
 */
@EventLoopOnly
final class Deadlines {

    private final SenderSettings settings;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Completions completions;
    private final SendFailures failures;
    private final Sealing sealing;
    private final Consumer<PartitionState> onDeadline;
    private final Function<PartitionState, Obstacle> obstacle;
    private final long lookNanos;

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
        this.lookNanos = accumulator.limits().openTime().lookNanos();
    }

    /** Sees to it that the partition's oldest records fail in time, and that batches do not stay open for too long. */
    void watch(PartitionState partition) {
        if (partition.deadline != null && !partition.deadlineIsFar) {
            return; // it looks soon enough, whatever comes
        }
        boolean open = partition.queue().isOpen();
        if (partition.deadline != null && !open) {
            return;
        }
        Long untilNanos = partition.oldestUntilNanos();
        if (untilNanos != null) {
            stop(partition);
            long leftNanos = settings.deliveryTimeoutNanos() - (loop.nanos() - untilNanos);
            partition.deadlineIsFar = !open;
            partition.deadline =
                    loop.schedule(open ? Math.min(leftNanos, lookNanos) : leftNanos, () -> fire(partition));
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
        boolean closed = partition.queue().closeOld(loop.nanos()); // while nothing is sent a batch would grow for ever
        Long untilNanos = partition.oldestUntilNanos();
        if (closed || (untilNanos != null && hasExpired(untilNanos))) {
            onDeadline.accept(partition);
        } else {
            watch(partition);
        }
    }

    /** Fails what of the partition has waited for too long, oldest first. */
    void failExpired(PartitionState partition) {
        if (!queueHasExpired(partition) && !sealingHasExpired(partition)) {
            failUnderway(partition);
            return;
        }
        Obstacle before = obstacle.apply(partition); // what is under way may be the obstacle, and may end here
        if (failUnderway(partition)) {
            failUnsent(partition, before);
        }
    }

    /** Returns whether none is left that has time. */
    private boolean failUnderway(PartitionState partition) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            if (batch.batch().isCompleted()) {
                continue;
            }
            if (!hasExpired(batch.batch().acceptedUntilNanos())) {
                return false;
            }
            completions.fail(batch.batch(), failures.timedOut(batch));
            if (!batch.isBorrowed()) {
                try {
                    partition.abandoned(batch);
                } finally {
                    accumulator.release(batch.batch()); // nobody knows the batch any more
                }
            }
        }
        return true;
    }

    private void failUnsent(PartitionState partition, Obstacle before) {
        sealing.fail(
                partition,
                batch -> hasExpired(batch.acceptedUntilNanos()),
                batch -> failures.timedOutInQueue(batch, before));
        while (partition.oldestDrained() == null) {
            ProducerBatch expired = partition.queue().takeExpired(loop.nanos(), settings.deliveryTimeoutNanos());
            if (expired == null) {
                return;
            }
            completions.fail(expired, failures.timedOutInQueue(expired, before));
            accumulator.release(expired);
        }
    }

    private boolean sealingHasExpired(PartitionState partition) {
        return partition.sealing().stream()
                .anyMatch(each -> hasExpired(each.batch().acceptedUntilNanos()));
    }

    private boolean queueHasExpired(PartitionState partition) {
        return partition.queue().headBytes() > 0 && hasExpired(partition.queue().acceptedUntilNanos());
    }

    private boolean hasExpired(long acceptedUntilNanos) {
        return loop.nanos() - acceptedUntilNanos >= settings.deliveryTimeoutNanos();
    }
}
