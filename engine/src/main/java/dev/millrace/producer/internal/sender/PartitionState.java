package dev.millrace.producer.internal.sender;

import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoop.Timer;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.network.MovableTimer;
import dev.millrace.producer.internal.protocol.TopicIds;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the sender knows of one partition: its batches under way in the order of their sequences, and what may be sent next.
 *
 * <p>The order of the log is kept by four rules. Only one batch of a producer without idempotence is under way. A batch
 * that has to be sent again goes alone, the oldest first, and new data waits until all such batches are through. Nothing
 * goes to a new leader before everything sent to the old one has come back. After a gap in the sequences nothing new is
 * stamped until all that was stamped before has ended; then the sequences start over.
 *
 * <p>A batch gets another stamp only if it cannot be in the log under the old one, or it would be there twice. The oldest
 * batch under way answers that for all: the broker takes none of the later ones before it.
 *
 * <p>A topic that was deleted and made anew has a log that knows nothing of the producer: once everything sent to the old
 * one came back, the sequences start over.
 *
 * <p>In a transaction nothing starts over, as the epoch is the coordinator's. What has to be numbered anew, the pieces of a
 * batch and what comes behind them, goes on from the sequence of the oldest batch under way, which is the one the broker
 * expects. What comes behind a batch that was given up is refused by the broker and fails; the transaction cannot be
 * committed by then. A topic that is made anew within a transaction gets the rest of it with the sequences that follow: what was acknowledged
 * before is lost with the old topic, as it would be if it were deleted after the commit, and a broker that insists on the
 * beginning of a log (KIP-890) refuses the rest, which aborts the transaction.
 */
@EventLoopOnly
final class PartitionState {

    /** What {@link #waitNanos} says when only the end of something under way or being sealed can change it. */
    static final long BLOCKED = -2;

    /** What {@link #waitNanos} says when there is nothing to send. */
    static final long IDLE = PartitionQueue.EMPTY;

    private final PartitionQueue queue;
    private final PartitionSequences sequences;
    private final boolean transactional;

    // oldest first: in flight, or waiting to be sent again
    private final List<DrainedBatch> underway = new ArrayList<>();

    // oldest first, all of them behind those under way
    private final List<SealingBatch> sealing = new ArrayList<>();
    private int inFlight; // and being split
    private long retryAtNanos;
    private UUID topicId = TopicIds.UNKNOWN; // of the topic that has the name now
    private boolean restartPending;
    private boolean renumberPending;

    // the sender's bookkeeping
    @Nullable MovableTimer wakeUp; // for linger and backoff; null before the first

    @Nullable Timer deadline; // null when nothing is queued or under way

    boolean deadlineIsFar; // no batch was open when it was set

    @Nullable NodeQueue readyAt; // null when not ready, or no leader is known

    PartitionState(PartitionQueue queue, PartitionSequences sequences, boolean transactional, long nowNanos) {
        this.queue = queue;
        this.sequences = sequences;
        this.transactional = transactional;
        this.retryAtNanos = nowNanos;
    }

    TopicPartition topicPartition() {
        return queue.topicPartition();
    }

    PartitionQueue queue() {
        return queue;
    }

    PartitionSequences sequences() {
        return sequences;
    }

    /** Batches under way, oldest first. */
    List<DrainedBatch> underway() {
        return underway;
    }

    /** Batches drained and not stamped, oldest first. */
    List<SealingBatch> sealing() {
        return sealing;
    }

    /**
     * Says which topic has the name now. If it is another one than before the sequences start over; what was not
     * acknowledged goes to the new topic, whose log takes any first sequence, so a batch that may be there keeps its stamp.
     *
     * @return whether the topic was made anew
     */
    boolean belongsTo(UUID id) {
        if (id.equals(TopicIds.UNKNOWN) || id.equals(topicId)) {
            return false;
        }
        boolean madeAnew = !topicId.equals(TopicIds.UNKNOWN);
        topicId = id;
        restartPending |= madeAnew;
        return madeAnew;
    }

    /** How long until a batch may be sent to {@code leader}: nanoseconds, {@link #BLOCKED} or {@link #IDLE}. */
    long waitNanos(int leader, long nowNanos) {
        if (mustWaitForAnswers(leader)) {
            return BLOCKED;
        }
        if (hasRetry()) {
            boolean leaderMoved = underway.get(0).lastNode() != leader;
            return leaderMoved
                    ? 0
                    : Math.max(0, retryAtNanos - nowNanos); // the backoff spares the old leader (KAFKA-15415)
        }
        long queuedNanos = queue.waitNanos(nowNanos); // asked in any case, or the queue would announce nothing more
        if (sealing.isEmpty()) {
            return queuedNanos;
        }
        return isNextReady() ? 0 : BLOCKED;
    }

    /** Bytes of the next batch to be sent, 0 if there is none; an estimate until {@link #isNextReady}. */
    int nextBytes() {
        if (hasRetry()) {
            return underway.get(0).batch().sizeBytes();
        }
        return sealing.isEmpty() ? queue.headBytes() : sealing.get(0).batch().sizeBytes();
    }

    /** Whether {@link #takeNext} would give a batch. */
    boolean isNextReady() {
        return hasRetry() || (!sealing.isEmpty() && sealing.get(0).isReady());
    }

    /** Whether the next batch has been sent before. */
    boolean hasRetry() {
        return !underway.isEmpty() && inFlight == 0;
    }

    /**
     * Sees to it that the next batch can be stamped.
     *
     * @return false while the producer's identity is not known
     */
    boolean prepareStamp() {
        if (inFlight == 0 && (underway.isEmpty() ? restartPending || sequences.hasGap() : mayBeRenumbered())) {
            restartPending = false;
            renumberPending = true;
            startOver();
        }
        if (!sequences.isReady()) {
            return false;
        }
        if (renumberPending) {
            renumberPending = false;
            underway.forEach(this::stamp);
        }
        return true;
    }

    private boolean mayBeRenumbered() {
        return restartPending && !underway.get(0).mayHaveBeenWritten();
    }

    private void startOver() {
        if (sequences.mayRestart()) {
            sequences.restart();
        } else if (!underway.isEmpty()) {
            sequences.rewind(underway.get(0).sequence());
        }
    }

    private void stamp(DrainedBatch batch) {
        batch.stamp(sequences.assign(batch.batch().recordCount()), transactional);
    }

    /** Takes the next batch, stamped. Only after {@link #prepareStamp} and if {@link #isNextReady}. */
    DrainedBatch takeNext() {
        if (hasRetry()) {
            return underway.get(0);
        }
        ProducerBatch fresh = sealing.remove(0).batch();
        DrainedBatch batch = new DrainedBatch(this, fresh);
        underway.add(batch); // first, so that nothing that fails from here on loses it
        stamp(batch);
        return batch;
    }

    /** What came of sealing a batch takes its place. */
    void sealed(SealingBatch begun, List<ProducerBatch> ready) {
        int place = sealing.indexOf(begun);
        sealing.remove(place);
        for (ProducerBatch batch : ready) {
            sealing.add(place++, SealingBatch.ready(batch));
        }
    }

    /** The batch is being split; like one in flight it holds up what comes after it. */
    void splitBegun(DrainedBatch batch) {
        batch.splitBegun();
        inFlight++;
        restartPending = true;
    }

    /** The batch is no longer being split. */
    void splitEnded(DrainedBatch batch) {
        batch.splitEnded();
        inFlight--;
    }

    void sent(DrainedBatch batch, int node, long nowNanos) {
        batch.sentTo(node, nowNanos);
        inFlight++;
    }

    /** The batch is no longer in flight: answered, or the connection is gone. */
    void returned(DrainedBatch batch, long nowNanos) {
        batch.returned(nowNanos);
        inFlight--;
    }

    /** The batch has ended well. */
    void acknowledged(DrainedBatch batch) {
        underway.remove(batch);
        sequences.onAcknowledged();
    }

    /** The batch is given up; if it was stamped its sequence is missing from now on. */
    void abandoned(DrainedBatch batch) {
        underway.remove(batch);
        sequences.onAbandoned();
    }

    /**
     * Takes out what is not in flight, because nobody knows what state it is in; the sequences start over before anything
     * new is sent.
     */
    List<DrainedBatch> dropUnsent() {
        List<DrainedBatch> dropped = new ArrayList<>(underway);
        dropped.removeIf(DrainedBatch::isBorrowed);
        underway.removeAll(dropped);
        restartPending = true;
        return dropped;
    }

    /** Puts the pieces of a batch in its place; they continue its sequence once the partition starts over. */
    void replace(DrainedBatch batch, List<DrainedBatch> pieces) {
        int place = underway.indexOf(batch);
        underway.remove(place);
        underway.addAll(place, pieces);
        pieces.get(0).takePlaceOf(batch);
        restartPending = true;
    }

    /** Nothing is sent again before this. */
    void retryAt(long nanos) {
        retryAtNanos = nanos;
    }

    /**
     * Renumbers everything under way, from 0 in the next epoch or with the next identity, as soon as nothing is in flight and the oldest batch is
     * known not to be in the log.
     */
    void requestRestart() {
        restartPending = true;
    }

    /** Whether any batch under way may be in the log. */
    boolean mayBeWritten() {
        return underway.stream().anyMatch(DrainedBatch::mayHaveBeenWritten);
    }

    @SuppressWarnings("ReferenceEquality") // batches have no other identity
    boolean isOldest(DrainedBatch batch) {
        return underway.get(0) == batch;
    }

    /** Whether nothing is queued or under way. */
    boolean isIdle() {
        return underway.isEmpty() && sealing.isEmpty() && queue.headBytes() == 0;
    }

    PartitionSnapshot snapshot(int leader, long nowNanos) {
        Long oldestNanos = oldestNanos();
        DrainedBatch oldest = underway.isEmpty() ? null : underway.get(0);
        return new PartitionSnapshot(
                topicPartition(),
                leader,
                queue.queuedBytes(),
                underway.size() + sealing.size(),
                inFlight,
                oldestNanos == null ? 0 : nowNanos - oldestNanos,
                oldest == null ? 0 : oldest.attempts(),
                oldest == null ? ErrorCode.NONE : oldest.lastError());
    }

    /** When the oldest record not yet ended was accepted, null if there is none. */
    @Nullable Long oldestNanos() {
        ProducerBatch drained = oldestDrained();
        if (drained != null) {
            return drained.createdNanos();
        }
        return queue.headBytes() == 0 ? null : Long.valueOf(queue.oldestNanos());
    }

    /** By when the records of the oldest batch not yet ended had been accepted, null if there is none. */
    @Nullable Long oldestUntilNanos() {
        ProducerBatch drained = oldestDrained();
        if (drained != null) {
            return drained.acceptedUntilNanos();
        }
        return queue.headBytes() == 0 ? null : Long.valueOf(queue.acceptedUntilNanos());
    }

    /** The oldest batch that was drained and has not ended, null if there is none. */
    @Nullable ProducerBatch oldestDrained() {
        for (DrainedBatch batch : underway) {
            if (!batch.batch().isCompleted()) {
                return batch.batch();
            }
        }
        for (SealingBatch each : sealing) {
            if (!each.batch().isCompleted()) {
                return each.batch();
            }
        }
        return null;
    }

    private boolean mustWaitForAnswers(int leader) {
        if (inFlight == 0) {
            return false;
        }
        boolean somethingCameBack = inFlight < underway.size();
        return somethingCameBack
                || restartPending
                || sequences.hasGap()
                || inFlight >= sequences.maxInFlight()
                || underway.get(0).lastNode() != leader;
    }
}
