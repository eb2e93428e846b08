package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the leader of a partition remembers of one producer id: its epoch and its last {@value #REMEMBERED_BATCHES}
 * batches (Kafka 4.0, ProducerStateEntry). Guarded by the cluster's lock.
 */
final class ProducerHistory {

    static final int REMEMBERED_BATCHES = 5;

    private final Deque<Remembered> batches = new ArrayDeque<>(REMEMBERED_BATCHES);
    private short epoch;
    private boolean isMarked; // by the end of a transaction: the next batch has sequence 0

    /**
     * What is to become of a batch.
     *
     * @param error why it is refused, or NONE
     * @param originalOffset where the same batch already is, -1 if it is to be appended or refused
     */
    record Verdict(ErrorCode error, long originalOffset) {

        static final Verdict APPEND = new Verdict(ErrorCode.NONE, -1);

        boolean isDuplicate() {
            return originalOffset >= 0;
        }

        private static Verdict refuse(ErrorCode error) {
            return new Verdict(error, -1);
        }
    }

    private record Remembered(int firstSequence, int lastSequence, long baseOffset) {}

    /** Judges a batch against the history; changes nothing. The first batch of all is taken with any sequence. */
    Verdict judge(RecordBatchHeader batch) {
        Remembered last = batches.peekLast();
        if (batch.producerEpoch() < epoch) {
            return Verdict.refuse(ErrorCode.INVALID_PRODUCER_EPOCH);
        }
        if (last == null) {
            return isMarked && batch.baseSequence() != 0
                    ? Verdict.refuse(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
                    : Verdict.APPEND;
        }
        if (batch.producerEpoch() > epoch) {
            return batch.baseSequence() == 0 ? Verdict.APPEND : Verdict.refuse(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        }
        for (Remembered each : batches) {
            if (each.firstSequence == batch.baseSequence() && each.lastSequence == lastSequence(batch)) {
                return new Verdict(ErrorCode.NONE, each.baseOffset);
            }
        }
        return batch.baseSequence() == advance(last.lastSequence, 1)
                ? Verdict.APPEND
                : Verdict.refuse(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    /** Remembers a batch that was appended. */
    void remember(RecordBatchHeader batch, long baseOffset) {
        if (batch.producerEpoch() != epoch) {
            batches.clear();
            epoch = batch.producerEpoch();
        }
        if (batches.size() == REMEMBERED_BATCHES) {
            batches.removeFirst();
        }
        batches.addLast(new Remembered(batch.baseSequence(), lastSequence(batch), baseOffset));
    }

    /**
     * A transaction ends; with a new epoch, sequences begin again.
     *
     * @return whether the mark is taken: not if it comes from the past
     */
    boolean mark(short markEpoch) {
        if (markEpoch < epoch) {
            return false;
        }
        if (markEpoch > epoch) {
            epoch = markEpoch;
            batches.clear();
        }
        isMarked = true;
        return true;
    }

    private static int lastSequence(RecordBatchHeader batch) {
        return advance(batch.baseSequence(), batch.recordCount() - 1);
    }

    /** Sequences are 31 bits wide: 0 comes after {@link Integer#MAX_VALUE}. */
    private static int advance(int sequence, int by) {
        return (sequence + by) & Integer.MAX_VALUE;
    }
}
