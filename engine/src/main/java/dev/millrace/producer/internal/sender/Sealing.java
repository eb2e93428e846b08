package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.SealWork;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings drained batches into the form in which they are sent. Work that takes long runs on the compression threads and
 * comes back as a task of the loop; meanwhile the batch keeps its place in the partition, and its memory.
 *
 * <p>Its records may end before the work does, by their deadline or because the producer closes. Then the end of the work
 * only gives the memory back.
 */
@EventLoopOnly
final class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    /** As many batches of a partition are made ready ahead of their turn; no more can be in flight. */
    private static final int MAX_AHEAD = 5;

    private final SenderSettings settings;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Completions completions;
    private final Executor executor;
    private final SendFailures failures;
    private final BiConsumer<PartitionState, Runnable> contain;
    private final Consumer<PartitionState> whenBack;
    private boolean codecHasFailed;

    /**
     * Wires the parts.
     *
     * @param contain runs a step of a partition so that it harms no other
     * @param whenBack hears of partitions whose work has come back from another thread
     */
    Sealing(
            SenderParts parts,
            SendFailures failures,
            BiConsumer<PartitionState, Runnable> contain,
            Consumer<PartitionState> whenBack) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.completions = parts.completions();
        this.executor = parts.compression();
        this.failures = failures;
        this.contain = contain;
        this.whenBack = whenBack;
    }

    /** Drains the partition's next batch, unless there is one already; it may be ready when this returns. */
    void sealNext(PartitionState partition) {
        if (partition.sealing().isEmpty()) {
            ProducerBatch batch = partition.queue().drain();
            if (batch != null) {
                seal(partition, batch);
            }
        }
    }

    /** Begins with batches that grow no more before it is their turn: it takes time, and frees memory. */
    void sealAhead(PartitionState partition) {
        while (accumulator.compresses() && partition.sealing().size() < MAX_AHEAD) {
            ProducerBatch grown = partition.queue().drainGrown();
            if (grown == null) {
                return;
            }
            seal(partition, grown);
        }
    }

    /**
     * Runs work on the bytes of a batch and then {@code afterwards} on the loop: here and at once, or on another thread,
     * and that is when it returns true.
     */
    boolean run(SealWork work, PartitionState partition, Runnable afterwards) {
        if (!work.isCheap() && tryHandOver(work, partition, afterwards)) {
            return true;
        }
        work.run();
        afterwards.run();
        return false;
    }

    /** Fails batches that were drained and not stamped, oldest first, up to one that is to be kept. */
    void fail(
            PartitionState partition, Predicate<ProducerBatch> which, Function<ProducerBatch, ProducerException> why) {
        for (SealingBatch sealing : List.copyOf(partition.sealing())) {
            ProducerBatch batch = sealing.batch();
            if (batch.isCompleted()) {
                continue;
            }
            if (!which.test(batch)) {
                return;
            }
            completions.fail(batch, why.apply(batch));
            if (!sealing.isBorrowed()) {
                partition.sealing().remove(sealing);
                accumulator.release(batch);
            }
        }
    }

    private void seal(PartitionState partition, ProducerBatch batch) {
        SealingBatch begun = SealingBatch.begun(batch);
        partition.sealing().add(begun);
        SealWork work = accumulator.seal(partition.queue(), batch);
        if (run(work, partition, () -> end(partition, begun, work))) {
            begun.handedOver();
        }
    }

    private void end(PartitionState partition, SealingBatch begun, SealWork work) {
        begun.cameBack(); // first: whatever fails from here on, no one else will say so
        ProducerBatch batch = begun.batch();
        Throwable failure = work.failure();
        if (!batch.isCompleted() && failure == null) {
            report(work);
            partition.sealed(begun, accumulator.finish(work));
            return;
        }
        partition.sealing().remove(begun);
        accumulator.discard(work);
        if (failure != null && !batch.isCompleted()) {
            completions.fail(batch, failures.unsendable(batch, failure));
        }
        accumulator.release(batch);
    }

    private boolean tryHandOver(SealWork work, PartitionState partition, Runnable afterwards) {
        try {
            executor.execute(() -> {
                work.run();
                comeBack(partition, afterwards);
            });
            return true;
        } catch (RejectedExecutionException closed) {
            return false; // the cluster ends: what is left of its work is done here
        }
    }

    private void comeBack(PartitionState partition, Runnable afterwards) {
        try {
            loop.execute(() -> {
                contain.accept(partition, afterwards);
                whenBack.accept(partition);
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} sealed after the end of the event loop, which has failed the records", settings.logPrefix());
        }
    }

    private void report(SealWork work) {
        Throwable cause = work.codecFailure();
        if (cause == null) {
            return;
        }
        if (codecHasFailed) {
            LOG.debug("{} compression failed again", settings.logPrefix(), cause);
        } else {
            codecHasFailed = true;
            LOG.warn(
                    "{} compression failed: partition={} records={}; the batch is sent uncompressed, and so are all"
                            + " others that this happens to",
                    settings.logPrefix(),
                    work.batch().topicPartition(),
                    work.batch().recordCount(),
                    cause);
        }
    }
}
