package dev.millrace.producer.internal.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broker keeps of one partition: the records and the marks at the end of transactions, and of each producer id the
 * epoch, the last five batches and the open transaction, by which it judges the next one (Kafka 4.0, ProducerAppendInfo
 * and ProducerStateEntry).
 */
public final class PartitionLog {

    private static final int REMEMBERED_BATCHES = 5;
    private static final int NO_PRODUCER = -1;
    private static final int NO_SEQUENCE = -1;
    private static final int NO_OFFSET = -1;

    private final List<Entry> entries = new ArrayList<>();
    private final List<RecordBatchHeader> batches = new ArrayList<>();
    private final Map<Long, ProducerState> producers = new HashMap<>();

    private static final class ProducerState {
        short epoch;
        int lastSequence = NO_SEQUENCE;
        long openSince = NO_OFFSET;
        final Deque<Remembered> batches = new ArrayDeque<>();

        boolean hasOpenTransaction() {
            return openSince != NO_OFFSET;
        }
    }

    /** What readers of committed records make of an offset. */
    private enum Fate {
        VISIBLE,
        OPEN,
        INVISIBLE
    }

    private static final class Entry {
        final String value;
        final long producerId;
        Fate fate;

        Entry(String value, long producerId, Fate fate) {
            this.value = value;
            this.producerId = producerId;
            this.fate = fate;
        }
    }

    private record Remembered(int firstSequence, int lastSequence, long baseOffset) {}

    /**
     * What became of a batch.
     *
     * @param error NONE for one that is in the log now, or was already
     * @param baseOffset where it is, -1 with an error
     */
    public record Appended(ErrorCode error, long baseOffset) {}

    /** The values of all records; the index is the offset. A mark is there as {@code COMMIT} or {@code ABORT}. */
    public List<String> values() {
        return entries.stream().map(entry -> entry.value).toList();
    }

    /** What a consumer gets that reads committed records: it stops in front of the first open transaction. */
    public List<String> committedValues() {
        return entries.subList(0, lastStableOffset()).stream()
                .filter(entry -> entry.fate == Fate.VISIBLE)
                .map(entry -> entry.value)
                .toList();
    }

    /** Up to where nothing is open. */
    public int lastStableOffset() {
        int offset = 0;
        while (offset < entries.size() && entries.get(offset).fate != Fate.OPEN) {
            offset++;
        }
        return offset;
    }

    /** Whether a producer has a transaction open here in this epoch. */
    boolean hasOpenTransaction(long producerId, short epoch) {
        ProducerState state = producers.get(producerId);
        return state != null && state.epoch == epoch && state.hasOpenTransaction();
    }

    /** Ends a producer's transaction, unless the mark comes from the past. */
    void mark(long producerId, short epoch, boolean commits) {
        ProducerState state = producers.computeIfAbsent(producerId, id -> new ProducerState());
        if (epoch < state.epoch) {
            return;
        }
        if (epoch > state.epoch) {
            state.epoch = epoch;
            state.lastSequence = NO_SEQUENCE;
            state.batches.clear();
        }
        for (Entry entry : entries) {
            if (entry.producerId == producerId && entry.fate == Fate.OPEN) {
                entry.fate = commits ? Fate.VISIBLE : Fate.INVISIBLE;
            }
        }
        state.openSince = NO_OFFSET;
        entries.add(new Entry(commits ? "COMMIT" : "ABORT", NO_PRODUCER, Fate.INVISIBLE));
    }

    /** The headers of all batches, in order. */
    public List<RecordBatchHeader> batches() {
        return List.copyOf(batches);
    }

    /** Forgets all producers, as after their records were deleted. */
    public void forgetProducers() {
        producers.clear();
    }

    /** Judges a batch and appends it if it is as it should be. Whether its transaction may write here is not judged. */
    public Appended append(RecordBatch batch) {
        RecordBatchHeader header = batch.header();
        if (header.producerId() == NO_PRODUCER) {
            return write(batch, Fate.VISIBLE);
        }
        ProducerState state = producers.get(header.producerId());
        int lastSequence = advance(header.baseSequence(), header.recordCount() - 1);
        if (state == null) {
            state = new ProducerState(); // any first sequence is taken
            state.epoch = header.producerEpoch();
            producers.put(header.producerId(), state);
        } else if (header.producerEpoch() < state.epoch) {
            return new Appended(ErrorCode.INVALID_PRODUCER_EPOCH, -1);
        } else if (header.producerEpoch() == state.epoch) {
            for (Remembered earlier : state.batches) {
                if (earlier.firstSequence() == header.baseSequence() && earlier.lastSequence() == lastSequence) {
                    return new Appended(ErrorCode.NONE, earlier.baseOffset());
                }
            }
            if (header.baseSequence() != advance(state.lastSequence, 1)) {
                return new Appended(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, -1);
            }
            if (state.hasOpenTransaction() && !header.isTransactional()) {
                return new Appended(ErrorCode.INVALID_TXN_STATE, -1);
            }
        } else if (header.baseSequence() != 0) {
            return new Appended(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, -1);
        } else {
            state.epoch = header.producerEpoch();
            state.batches.clear();
        }
        state.lastSequence = lastSequence;
        Appended appended = write(batch, header.isTransactional() ? Fate.OPEN : Fate.VISIBLE);
        if (header.isTransactional() && !state.hasOpenTransaction()) {
            state.openSince = appended.baseOffset();
        }
        state.batches.add(new Remembered(header.baseSequence(), lastSequence, appended.baseOffset()));
        if (state.batches.size() > REMEMBERED_BATCHES) {
            state.batches.remove();
        }
        return appended;
    }

    private Appended write(RecordBatch batch, Fate fate) {
        long baseOffset = entries.size();
        for (DecodedRecord record : batch.records()) {
            byte[] value = record.value();
            String text = value == null ? "" : new String(value, UTF_8);
            entries.add(new Entry(text, batch.header().producerId(), fate));
        }
        batches.add(batch.header());
        return new Appended(ErrorCode.NONE, baseOffset);
    }

    private static int advance(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }
}
