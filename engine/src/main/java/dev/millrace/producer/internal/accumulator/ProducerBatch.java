package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.record.RecordBatchWriter;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that travel together, with the ends of their futures.
 *
 * <p>Guarded by the lock of its partition queue while it is open, confined to the event loop once it is drained. Its
 * records complete exactly once, all in one step (see {@link Completions}); its memory may be needed longer,
 * for as long as a transport borrows it.
 */
public final class ProducerBatch {

    private final TopicPartition topicPartition;
    private final long createdNanos;
    private final BatchTimes times;
    private final RecordBatchWriter writer;

    // the records' ends, in order of append
    private @Nullable RecordCompletion first;
    private @Nullable RecordCompletion last;
    private @Nullable RecordCompletion telling; // whose callback runs; written by the delivery thread, for messages

    private long acceptedUntilNanos;
    private int datedRecords = 1; // the first one comes with its time

    private boolean flushRequested;
    private boolean completed;

    // guarded by this: flush may come from any thread while the delivery executor finishes the batch
    private final List<FlushTicket> tickets = new ArrayList<>(0);
    private boolean finished;

    /** An open batch; {@code createdNanos} is when its first record was accepted, now or earlier. */
    ProducerBatch(TopicPartition topicPartition, long createdNanos, long nowNanos) {
        this(topicPartition, createdNanos, new BatchTimes(createdNanos, nowNanos), new RecordBatchWriter());
    }

    private ProducerBatch(
            TopicPartition topicPartition, long createdNanos, BatchTimes times, RecordBatchWriter writer) {
        this.topicPartition = topicPartition;
        this.createdNanos = createdNanos;
        this.acceptedUntilNanos = createdNanos;
        this.times = times;
        this.writer = writer;
    }

    /** Batches of the same age that hold this batch's records, whose ends they take over. */
    List<ProducerBatch> splitInto(List<RecordBatchWriter> writers) {
        List<ProducerBatch> pieces = new ArrayList<>(writers.size());
        RecordCompletion completion = takeCompletions();
        for (RecordBatchWriter each : writers) {
            ProducerBatch piece = new ProducerBatch(topicPartition, createdNanos, new BatchTimes(times), each);
            piece.acceptedUntilNanos = acceptedUntilNanos;
            for (int i = 0; i < each.recordCount(); i++) {
                if (completion == null) {
                    throw new IllegalStateException("batch has more records than ends: partition=" + topicPartition);
                }
                RecordCompletion following = completion.takeNext();
                piece.link(completion);
                completion = following;
            }
            pieces.add(piece);
        }
        return pieces;
    }

    /** Where its records go. */
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    /** When its first record was accepted; linger counts from here. */
    public long createdNanos() {
        return createdNanos;
    }

    /**
     * When its last record was accepted, or somewhat later; the delivery timeout counts from here. Of an open batch it says
     * nothing of the records that came since it was last dated.
     */
    public long acceptedUntilNanos() {
        return acceptedUntilNanos;
    }

    /** All its records have been accepted by now. That is less to do than reading the clock for each of them. */
    void date(long nowNanos) {
        if (datedRecords < recordCount()) {
            datedRecords = recordCount();
            acceptedUntilNanos = nowNanos;
        }
    }

    /** The record appended last was accepted at this time, which is in the past. */
    void dateLast(long acceptedNanos) {
        if (datedRecords == recordCount() - 1) {
            datedRecords++;
            acceptedUntilNanos += Math.max(0, acceptedNanos - acceptedUntilNanos);
        }
    }

    /** Where its time goes. */
    public BatchTimes times() {
        return times;
    }

    /** How many records it holds. */
    public int recordCount() {
        return writer.recordCount();
    }

    /** Bytes on the wire. */
    public int sizeBytes() {
        return writer.sizeBytes();
    }

    /** Bytes of its records before compression. */
    int plainBytes() {
        int sealedBytes = writer.plainRecordsBytes();
        return sealedBytes == 0 ? sizeBytes() - RecordBatchLayout.HEADER_BYTES : sealedBytes;
    }

    /** The bytes, in order; borrowed. */
    public List<ByteBuffer> buffers() {
        return writer.buffers();
    }

    /** As {@link #stamp(long, short, int, boolean)}, for records that belong to no transaction. */
    public void stamp(long producerId, short producerEpoch, int baseSequence) {
        stamp(producerId, producerEpoch, baseSequence, false);
    }

    /** Writes identity, sequence and checksum; see {@link RecordBatchWriter#stamp(long, short, int, boolean)}. */
    public void stamp(long producerId, short producerEpoch, int baseSequence, boolean transactional) {
        writer.stamp(producerId, producerEpoch, baseSequence, transactional);
    }

    /** Whether its records are completed. */
    public boolean isCompleted() {
        return completed;
    }

    RecordBatchWriter writer() {
        return writer;
    }

    /** {@code bodyBytes} as {@link RecordBatchWriter#append(SerializedRecord, int)} has it. */
    void append(SerializedRecord record, int bodyBytes, RecordCompletion completion) {
        writer.append(record, bodyBytes);
        link(completion);
    }

    private void link(RecordCompletion completion) {
        if (last == null) {
            first = completion;
        } else {
            last.next = completion;
        }
        last = completion;
    }

    /** The first record's end, linked to the following ones; this batch knows them no more. */
    private @Nullable RecordCompletion takeCompletions() {
        RecordCompletion head = first;
        first = null;
        last = null;
        return head;
    }

    void requestFlush() {
        flushRequested = true;
    }

    boolean isFlushRequested() {
        return flushRequested;
    }

    /** Makes the ticket wait for this batch, unless all of it has been delivered or failed. */
    synchronized void attach(FlushTicket ticket) {
        if (!finished) {
            ticket.add();
            tickets.add(ticket);
        }
    }

    /** Refuses to complete the records twice. */
    void requireIncomplete() {
        if (completed) {
            throw new IllegalStateException("batch completed twice: partition=" + topicPartition);
        }
    }

    /** The completion was handed to the delivery executor. */
    void markCompleted() {
        completed = true;
    }

    /** Completes every record's future, in order. Delivery executor. */
    void succeed(long baseOffset, long logAppendTimeMillis) {
        long offset = baseOffset;
        for (RecordCompletion record = first; record != null; record = record.takeNext()) {
            telling = record;
            record.deliver(topicPartition.topic(), topicPartition.partition(), offset, logAppendTimeMillis);
            if (offset != RecordMetadata.NO_OFFSET) {
                offset++;
            }
        }
    }

    /** Fails every record's future, in order. Delivery executor. */
    void fail(Function<Integer, ProducerException> failures) {
        int index = 0;
        for (RecordCompletion record = first; record != null; record = record.takeNext()) {
            telling = record;
            record.fail(topicPartition.topic(), topicPartition.partition(), failures.apply(index++));
        }
    }

    /** Which user code hears of an outcome. Exact on the delivery thread, elsewhere possibly late. */
    @Nullable
    String runningCallback() {
        RecordCompletion record = telling;
        return record == null ? null : record.callbackName();
    }

    /** Makes whoever waits for this batch wait for its pieces. */
    synchronized void handTicketsTo(List<ProducerBatch> pieces) {
        tickets.forEach(ticket -> pieces.forEach(piece -> piece.attach(ticket)));
    }

    /** All callbacks have run: releases whoever waits in flush. */
    void finish() {
        List<FlushTicket> waiting;
        synchronized (this) {
            first = null;
            last = null;
            telling = null;
            finished = true;
            waiting = List.copyOf(tickets);
            tickets.clear();
        }
        waiting.forEach(FlushTicket::countDown); // not under the lock: what the user chained to flush runs here
    }
}
