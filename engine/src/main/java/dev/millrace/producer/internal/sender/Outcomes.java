package dev.millrace.producer.internal.sender;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.SealWork;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.time.Backoff;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies outcomes: the one place where batches under way end, are sent again or are split.
 *
 * <p>A batch whose records have already timed out stays under way until its request comes back, because its memory is
 * borrowed and its sequence may be used; then it ends here without touching the records again.
 */
@EventLoopOnly
final class Outcomes implements BatchOutcome.Handler {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private final SenderSettings settings;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Completions completions;
    private final ClusterMetadata metadata;
    private final Backoff backoff;
    private final SendFailures failures;
    private final SenderEvents events;
    private final Sealing sealing;
    private final DrainGate gate;
    private final Idempotence idempotence;

    private @Nullable ProducerException endOfTransaction; // why the last one ended without its records

    Outcomes(SenderParts parts, SendFailures failures, Sealing sealing, SenderEvents events, Idempotence idempotence) {
        this.events = events;
        this.idempotence = idempotence;
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.completions = parts.completions();
        this.metadata = parts.metadata();
        this.backoff = parts.retryBackoff();
        this.failures = failures;
        this.sealing = sealing;
        this.gate = parts.gate();
    }

    @Override
    public void onAcknowledged(DrainedBatch batch, BatchOutcome.Acknowledged outcome) {
        batch.partition().acknowledged(batch);
        if (batch.batch().isCompleted()) {
            LOG.info(
                    "{} batch was written after its records had timed out: partition={} records={} offset={}",
                    settings.logPrefix(),
                    batch.batch().topicPartition(),
                    batch.batch().recordCount(),
                    outcome.baseOffset());
        } else {
            completions.succeed(batch.batch(), outcome.baseOffset(), outcome.logAppendTimeMillis());
        }
        accumulator.release(batch.batch());
    }

    @Override
    public void onRetry(DrainedBatch batch, BatchOutcome.Retry outcome) {
        batch.failedWith(outcome.cause(), outcome.detail(), outcome.mayHaveBeenWritten());
        if (outcome.refreshMetadata()) {
            metadata.requestUpdate();
        }
        if (mayTryAgain(batch)) {
            LOG.debug(
                    "{} batch goes again: partition={} attempt={} cause={}",
                    settings.logPrefix(),
                    batch.batch().topicPartition(),
                    batch.attempts(),
                    outcome.detail());
            events.retried(batch);
            retryLater(batch, backoff.nextNanos(batch.attempts()));
        }
    }

    @Override
    public void onOutOfSequence(DrainedBatch batch, BatchOutcome.OutOfSequence outcome) {
        batch.failedWith(outcome.cause(), outcome.cause().toString(), false);
        if (!mayTryAgain(batch)) {
            return;
        }
        PartitionState partition = batch.partition();
        if (partition.isOldest(batch) && !partition.sequences().mayRestart()) {
            batch.foundMissing();
            fail(batch, failures.outOfSequence(batch, outcome.cause()));
            return;
        }
        // a later batch is only out of sequence because an earlier one has yet to be sent again
        boolean oldest = partition.isOldest(batch);
        if (oldest) {
            batch.foundMissing();
        }
        if (oldest
                || (outcome.cause() != ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
                        && partition.sequences().mayRestart())) {
            LOG.debug(
                    "{} sequences start over: partition={} cause={}",
                    settings.logPrefix(),
                    partition.topicPartition(),
                    outcome.cause());
            partition.requestRestart();
        }
        events.retried(batch);
        retryLater(batch, batch.attempts() <= 1 ? 0 : backoff.nextNanos(batch.attempts()));
    }

    @Override
    public void onTooLarge(DrainedBatch batch, BatchOutcome.TooLarge outcome) {
        batch.failedWith(outcome.cause(), outcome.cause().toString(), false);
        ProducerException ending = endOfTransaction();
        if (batch.batch().isCompleted()) {
            end(batch);
        } else if (ending != null) {
            fail(batch, failures.endedWithItsTransaction(batch, ending));
        } else if (batch.batch().recordCount() == 1 || batch.mayHaveBeenWritten()) {
            // brokers look at the size before they look for a first copy: the pieces could be a second one
            fail(batch, failures.tooLarge(batch, outcome.cause()));
        } else {
            split(batch);
        }
    }

    @Override
    public void onRejected(DrainedBatch batch, BatchOutcome.Rejected outcome) {
        batch.failedWith(
                outcome.cause(), outcome.cause().toString(), ProduceErrors.mayHaveBeenWritten(outcome.cause()));
        if (outcome.cause() == ErrorCode.INVALID_PRODUCER_ID_MAPPING && waitsForAnotherIdentity(batch)) {
            events.retried(batch);
            retryLater(batch, 0);
            return;
        }
        if (!batch.batch().isCompleted()) {
            List<ProducerException> each = new ArrayList<>(batch.batch().recordCount());
            ProducerException shared = failures.rejected(batch, outcome);
            for (int index = 0; index < batch.batch().recordCount(); index++) {
                each.add(outcome.recordErrors().isEmpty() ? shared : failures.rejected(batch, outcome, index));
            }
            completions.failEach(batch.batch(), each::get);
        }
        end(batch);
    }

    /** A copy that may be in the log under the forgotten identity forbids another one under the next. */
    private boolean waitsForAnotherIdentity(DrainedBatch batch) {
        return !batch.batch().isCompleted()
                && !batch.mayHaveBeenWritten()
                && batch.attempts() <= settings.retries()
                && endOfTransaction() == null
                && idempotence.onForgotten();
    }

    /** The broker does not speak the version the batch needs; it was not sent. */
    void unsupported(DrainedBatch batch, int node, RuntimeException cause) {
        fail(batch, failures.unsupported(batch, node, cause));
    }

    /** From now on what comes back unacknowledged fails for this reason, for as long as the gate says so. */
    void endWith(ProducerException why) {
        endOfTransaction = why;
    }

    /** Why what comes back unacknowledged is not sent again, null while it is. */
    private @Nullable ProducerException endOfTransaction() {
        return gate.isEnding() ? endOfTransaction : null;
    }

    /** Fails what of a partition is not in flight because its transaction ends, oldest first. */
    void failUnsent(PartitionState partition, ProducerException why) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            if (!batch.isInFlight() && !batch.batch().isCompleted()) {
                completions.fail(batch.batch(), failures.endedWithItsTransaction(batch, why));
                if (!batch.isBorrowed()) {
                    end(batch);
                }
            }
        }
        sealing.fail(partition, batch -> true, batch -> why);
        ProducerBatch queued;
        while ((queued = partition.queue().takeUnsealed()) != null) {
            completions.fail(queued, why);
            accumulator.release(queued);
        }
    }

    /** Fails everything of a partition that waits for an identity: nothing of it is in flight. */
    void failUnidentified(PartitionState partition, ErrorCode error) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            fail(batch, failures.identityRefused(batch, error));
        }
        sealing.fail(partition, batch -> true, batch -> failures.identityRefused(batch, error));
        ProducerBatch queued;
        while ((queued = partition.queue().drain()) != null) {
            completions.fail(queued, failures.identityRefused(queued, error));
            accumulator.release(queued);
        }
    }

    /** Fails everything of a partition because of an error of ours, oldest first. What is in flight ends when it is back. */
    void failInternally(PartitionState partition, Throwable thrown) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            if (!batch.batch().isCompleted()) {
                completions.fail(batch.batch(), failures.internal(batch, thrown));
            }
        }
        partition.dropUnsent().forEach(batch -> accumulator.release(batch.batch()));
        sealing.fail(partition, batch -> true, batch -> failures.internal(batch, thrown));
        failQueuedInternally(partition.queue(), thrown);
    }

    /** Fails a batch that is no longer in flight, and that its partition may know no more, because of an error of ours. */
    void failInternally(DrainedBatch batch, Throwable thrown) {
        if (!batch.batch().isCompleted()) {
            completions.fail(batch.batch(), failures.internal(batch, thrown));
        }
        accumulator.release(batch.batch());
    }

    /** Fails what of a partition has not been sent because of an error of ours. */
    void failQueuedInternally(PartitionQueue queue, Throwable thrown) {
        ProducerBatch queued;
        while ((queued = queue.takeUnsealed()) != null) {
            completions.fail(queued, failures.internal(queued, thrown));
            accumulator.release(queued);
        }
        queue.waitNanos(loop.nanos()); // seen: its next record is announced again
    }

    /** Fails everything of a partition because the producer ends, oldest first. */
    void abort(PartitionState partition, Ending ending, UndeliveredRecords undelivered) {
        for (DrainedBatch batch : List.copyOf(partition.underway())) {
            if (!batch.batch().isCompleted()) {
                ProducerException failure = failures.ended(batch, ending);
                if (!batch.wasSent()) {
                    batch.batch().stamp(-1, (short) -1, -1); // a piece that was not sent has no checksum yet
                }
                undelivered.add(batch.batch(), failure);
                completions.fail(batch.batch(), failure);
            }
            if (!batch.isBorrowed()) {
                end(batch);
            }
        }
        sealing.fail(partition, batch -> true, batch -> abandoned(batch, ending, undelivered));
        ProducerBatch queued;
        while ((queued = partition.queue().drain()) != null) {
            completions.fail(queued, abandoned(queued, ending, undelivered));
            accumulator.release(queued);
        }
    }

    /** Notes the records of a batch that was not sent. */
    private ProducerException abandoned(ProducerBatch batch, Ending ending, UndeliveredRecords undelivered) {
        ProducerException failure = failures.ended(batch, ending);
        batch.stamp(-1, (short) -1, -1);
        undelivered.add(batch, failure);
        return failure;
    }

    /** Only the oldest batch has a say: the others go after it, and must not shorten its backoff. */
    private void retryLater(DrainedBatch batch, long delayNanos) {
        if (batch.partition().isOldest(batch)) {
            batch.partition().retryAt(loop.nanos() + delayNanos);
        }
    }

    private boolean mayTryAgain(DrainedBatch batch) {
        if (batch.batch().isCompleted()) {
            end(batch);
            return false;
        }
        ProducerException ending = endOfTransaction();
        if (ending != null) {
            fail(batch, failures.endedWithItsTransaction(batch, ending));
            return false;
        }
        if (batch.attempts() > settings.retries()) {
            fail(batch, failures.retriesExhausted(batch));
            return false;
        }
        return true;
    }

    private void fail(DrainedBatch batch, ProducerException failure) {
        completions.fail(batch.batch(), failure);
        end(batch);
    }

    private void end(DrainedBatch batch) {
        try {
            batch.partition().abandoned(batch);
        } finally {
            accumulator.release(batch.batch()); // nobody knows the batch any more
        }
    }

    private void split(DrainedBatch batch) {
        PartitionState partition = batch.partition();
        SealWork work = accumulator.split(partition.queue(), batch.batch());
        partition.splitBegun(batch);
        try {
            sealing.run(work, partition, () -> splitEnded(batch, work));
        } catch (Throwable failed) {
            if (batch.isBorrowed()) { // it was not handed over: nobody else will say that it is back
                partition.splitEnded(batch);
            }
            throw failed;
        }
    }

    private void splitEnded(DrainedBatch batch, SealWork work) {
        PartitionState partition = batch.partition();
        partition.splitEnded(batch);
        Throwable failure = work.failure();
        if (batch.batch().isCompleted()) {
            accumulator.discard(work);
            end(batch);
        } else if (failure != null) {
            accumulator.discard(work);
            fail(batch, failures.unsendable(batch.batch(), failure));
        } else {
            int sizeBytes = batch.batch().sizeBytes();
            List<ProducerBatch> pieces = accumulator.finish(work);
            LOG.info(
                    "{} batch is larger than the broker takes and was split: partition={} size={} B records={}"
                            + " pieces={}; to avoid the extra round trip raise max.message.bytes of the topic or"
                            + " lower {}",
                    settings.logPrefix(),
                    partition.topicPartition(),
                    sizeBytes,
                    batch.batch().recordCount(),
                    pieces.size(),
                    Setting.MAX_REQUEST_SIZE);
            events.split(batch.batch(), sizeBytes, pieces.size());
            List<DrainedBatch> replacements = new ArrayList<>(pieces.size());
            pieces.forEach(piece -> replacements.add(new DrainedBatch(partition, piece)));
            partition.replace(batch, replacements);
            retryLater(replacements.get(0), 0);
        }
    }
}
