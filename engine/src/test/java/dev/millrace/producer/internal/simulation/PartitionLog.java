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
 * What a broker keeps of one partition: the records, and of each producer id the epoch and the last five batches, by
 * which it judges the next one (Kafka 4.0, ProducerAppendInfo and ProducerStateEntry).
 */
public final class PartitionLog {

    private static final int REMEMBERED_BATCHES = 5;
    private static final int NO_PRODUCER = -1;

    private final List<String> values = new ArrayList<>();
    private final List<RecordBatchHeader> batches = new ArrayList<>();
    private final Map<Long, ProducerState> producers = new HashMap<>();

    private static final class ProducerState {
        short epoch;
        int lastSequence;
        final Deque<Remembered> batches = new ArrayDeque<>();
    }

    private record Remembered(int firstSequence, int lastSequence, long baseOffset) {}

    /**
     * What became of a batch.
     *
     * @param error NONE for one that is in the log now, or was already
     * @param baseOffset where it is, -1 with an error
     */
    public record Appended(ErrorCode error, long baseOffset) {}

    /** The values of all records; the index is the offset. */
    public List<String> values() {
        return List.copyOf(values);
    }

    /** The headers of all batches, in order. */
    public List<RecordBatchHeader> batches() {
        return List.copyOf(batches);
    }

    /** Forgets all producers, as after their records were deleted. */
    public void forgetProducers() {
        producers.clear();
    }

    /** Judges a batch and appends it if it is as it should be. */
    public Appended append(RecordBatch batch) {
        RecordBatchHeader header = batch.header();
        if (header.producerId() == NO_PRODUCER) {
            return write(batch);
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
        } else if (header.baseSequence() != 0) {
            return new Appended(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, -1);
        } else {
            state.epoch = header.producerEpoch();
            state.batches.clear();
        }
        state.lastSequence = lastSequence;
        Appended appended = write(batch);
        state.batches.add(new Remembered(header.baseSequence(), lastSequence, appended.baseOffset()));
        if (state.batches.size() > REMEMBERED_BATCHES) {
            state.batches.remove();
        }
        return appended;
    }

    private Appended write(RecordBatch batch) {
        long baseOffset = values.size();
        for (DecodedRecord record : batch.records()) {
            byte[] value = record.value();
            values.add(value == null ? "" : new String(value, UTF_8));
        }
        batches.add(batch.header());
        return new Appended(ErrorCode.NONE, baseOffset);
    }

    private static int advance(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }
}
