package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The records of one partition and what is remembered of their producers. Guarded by the cluster's lock. */
final class PartitionLog {

    private final List<FakeRecord> records = new ArrayList<>();
    private final List<StoredBatch> batches = new ArrayList<>();
    private final List<AbortedTransaction> abortedTransactions = new ArrayList<>();
    private final Map<Long, ProducerHistory> producers = new HashMap<>();
    private final Map<Long, Set<FakeRecord>> open = new HashMap<>(); // of transactions, by producer id
    private final Set<FakeRecord> aborted = new HashSet<>();
    private long startOffset;
    private long nextOffset;
    private final UnknownProducers unknownProducers;

    PartitionLog(UnknownProducers unknownProducers) {
        this.unknownProducers = unknownProducers;
    }

    /** What happens to a first batch that does not start at sequence 0. */
    enum UnknownProducers {
        /** It is appended, as brokers from 2.5 on do. */
        ACCEPT,
        /** It is answered with UNKNOWN_PRODUCER_ID, as brokers up to 2.4 do. */
        REFUSE
    }

    /**
     * A transaction that consumers of committed records skip.
     *
     * @param producerId whose
     * @param firstOffset its first record
     * @param lastOffset the mark at its end
     */
    record AbortedTransaction(long producerId, long firstOffset, long lastOffset) {}

    /**
     * Appends a batch, or finds that it is there already.
     *
     * @param bytes all of the batch as it came; borrowed
     * @param leaderEpoch epoch of the leader that takes it
     * @return the offset of its first record
     * @throws RefusedBatchException if its sequence or epoch is not the one that is due
     */
    long append(RecordBatch batch, ByteBuffer bytes, int leaderEpoch) {
        RecordBatchHeader header = batch.header();
        if (header.producerId() < 0) {
            return appendRecords(batch, bytes, leaderEpoch);
        }
        ProducerHistory history = producers.get(header.producerId());
        if (history == null) {
            history = firstHistory(header);
        }
        ProducerHistory.Verdict verdict = history.judge(header);
        if (verdict.isDuplicate()) {
            return verdict.originalOffset();
        }
        if (verdict.error() != ErrorCode.NONE) {
            throw new RefusedBatchException(
                    verdict.error(),
                    "producerId=" + header.producerId() + " producerEpoch=" + header.producerEpoch() + " baseSequence="
                            + header.baseSequence());
        }
        long baseOffset = appendRecords(batch, bytes, leaderEpoch);
        if (header.isTransactional()) {
            open.computeIfAbsent(header.producerId(), id -> new HashSet<>())
                    .addAll(records.subList(records.size() - header.recordCount(), records.size()));
        }
        history.remember(header, baseOffset);
        producers.put(header.producerId(), history);
        return baseOffset;
    }

    /** Ends a producer's transaction; the mark takes an offset, as in every log. */
    void mark(long producerId, short epoch, boolean commits, int leaderEpoch) {
        if (!producers.computeIfAbsent(producerId, id -> new ProducerHistory()).mark(epoch)) {
            return;
        }
        Set<FakeRecord> ended = open.remove(producerId);
        if (ended != null && !commits) {
            aborted.addAll(ended);
            abortedTransactions.add(new AbortedTransaction(producerId, firstOffset(ended), nextOffset));
        }
        batches.add(StoredBatch.mark(nextOffset, leaderEpoch, producerId, epoch, commits, System.currentTimeMillis()));
        nextOffset++;
    }

    /** Up to the first record of an open transaction, without those of aborted ones. */
    List<FakeRecord> committedRecords() {
        Set<FakeRecord> unstable = new HashSet<>();
        open.values().forEach(unstable::addAll);
        return records.stream()
                .takeWhile(record -> !unstable.contains(record))
                .filter(record -> !aborted.contains(record))
                .toList();
    }

    List<FakeRecord> records() {
        return List.copyOf(records);
    }

    /** What consumers are given, marks of transactions included. */
    List<StoredBatch> batches() {
        return batches;
    }

    /** The offset of the first record there still is. */
    long startOffset() {
        return startOffset;
    }

    /** The offset the next record gets. */
    long nextOffset() {
        return nextOffset;
    }

    /** Where consumers of committed records stop: at the first record of the first open transaction, or at the end. */
    long lastStableOffset() {
        long first = open.values().stream()
                .mapToLong(PartitionLog::firstOffset)
                .min()
                .orElse(nextOffset);
        return Math.max(startOffset, first);
    }

    /** The aborted transactions that end at this offset or later, by their first records. */
    List<AbortedTransaction> abortedSince(long offset) {
        return abortedTransactions.stream()
                .filter(each -> each.lastOffset() >= offset)
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
    }

    private static long firstOffset(Set<FakeRecord> ofTransaction) {
        return ofTransaction.stream().mapToLong(FakeRecord::offset).min().orElseThrow();
    }

    /** Forgets the records, but neither offsets nor producers. */
    void clearRecords() {
        records.clear();
        batches.clear();
        aborted.clear();
        abortedTransactions.clear();
        startOffset = nextOffset;
    }

    int size() {
        return records.size();
    }

    void forgetProducers() {
        producers.clear();
    }

    private ProducerHistory firstHistory(RecordBatchHeader header) {
        if (header.baseSequence() != 0 && unknownProducers == UnknownProducers.REFUSE) {
            throw new RefusedBatchException(
                    ErrorCode.UNKNOWN_PRODUCER_ID,
                    "producerId=" + header.producerId() + " baseSequence=" + header.baseSequence());
        }
        return new ProducerHistory();
    }

    private long appendRecords(RecordBatch batch, ByteBuffer bytes, int leaderEpoch) {
        long baseOffset = nextOffset;
        batches.add(StoredBatch.of(batch.header(), bytes, baseOffset, leaderEpoch));
        nextOffset += batch.header().recordCount();
        if (batch.records().isEmpty()) { // its codec is missing
            for (int i = 0; i < batch.header().recordCount(); i++) {
                records.add(FakeRecord.opaque(baseOffset + i, batch.header()));
            }
        } else {
            for (DecodedRecord each : batch.records()) {
                records.add(FakeRecord.of(baseOffset + each.offsetDelta(), batch.header(), each));
            }
        }
        return baseOffset;
    }
}
