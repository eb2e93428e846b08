package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An accumulator on a manual clock; the test is the event loop, and delivers when it says so. */
final class TestAccumulator {

    static final int BATCH_BYTES = 1_000;
    static final int GROWTH_BYTES = 3_000;
    static final Duration LINGER = Duration.ofMillis(5);
    final ProducerException failure =
            new ProducerException("any", FailureDetails.local(Stage.QUEUE, Recovery.RETRY), null);

    final ManualTicker ticker = new ManualTicker();
    final BufferPool pool;
    final AtomicInteger wakeUps = new AtomicInteger();
    final Queue<Runnable> deliveries = new ArrayDeque<>();
    final Completions completions;
    final RecordAccumulator accumulator;

    TestAccumulator() {
        this(new BatchLimits(BATCH_BYTES, GROWTH_BYTES, LINGER.toNanos()), 1_000);
    }

    TestAccumulator(BatchLimits limits, int poolChunks) {
        this(limits, new BufferPool((long) poolChunks * BufferPool.CHUNK_BYTES));
    }

    TestAccumulator(BatchLimits limits, BufferPool pool) {
        this(limits, pool, Codec.NONE);
    }

    TestAccumulator(BatchLimits limits, BufferPool pool, Codec codec) {
        this.pool = pool;
        completions = new Completions(deliveries::add, pool, ticker, ObserverRelay.NONE, FailureWatch.NONE);
        accumulator = new RecordAccumulator(limits, pool, completions, ticker, wakeUps::incrementAndGet, codec);
    }

    TopicQueues topic() {
        return accumulator.topic("orders");
    }

    PartitionQueue queue() {
        return topic().queue(0);
    }

    /** Appends to partition 0 without waiting; it must be accepted. */
    void append(String value) {
        append(Records.record(value), new RecordCompletion(null));
    }

    void append(SerializedRecord record) {
        append(record, new RecordCompletion(null));
    }

    void append(SerializedRecord record, RecordCompletion completion) {
        assertThat(tryAppend(record, completion)).isEqualTo(Acceptance.ACCEPTED);
    }

    Acceptance tryAppend(SerializedRecord record, RecordCompletion completion) {
        try {
            return accumulator.append(queue(), record, completion, 0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets a record wait for its topic; it must be accepted. */
    void appendUnassigned(String value) {
        assertThat(tryAppendUnassigned(value, new RecordCompletion(null))).isEqualTo(Acceptance.ACCEPTED);
    }

    @Nullable Acceptance tryAppendUnassigned(String value, RecordCompletion completion) {
        try {
            return accumulator.appendUnassigned(
                    topic(), new UnassignedRecord(Records.record(value), null, completion), earlier -> true, 0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long waitNanos() {
        return queue().waitNanos(ticker.nanos());
    }

    ProducerBatch drain() {
        return Objects.requireNonNull(queue().drain());
    }

    /** The values of every batch left in partition 0, in order; they succeed and their memory goes back. */
    List<List<String>> drainAll() {
        List<List<String>> batches = new ArrayList<>();
        for (ProducerBatch batch = queue().drain(); batch != null; batch = queue().drain()) {
            batches.add(Records.values(batch));
            succeed(batch);
        }
        return batches;
    }

    void succeed(ProducerBatch batch) {
        completions.succeed(batch, 0, -1);
        accumulator.release(batch);
    }

    /** Splits a batch of partition 0 as if a broker had found it too large; its memory goes back. */
    List<ProducerBatch> split(ProducerBatch batch) {
        SealWork work = accumulator.split(queue(), batch);
        work.run();
        return accumulator.finish(work);
    }

    void deliver() {
        for (Runnable next = deliveries.poll(); next != null; next = deliveries.poll()) {
            next.run();
        }
    }

    /** The loop takes what it was told of. */
    List<PartitionQueue> pollChanged() {
        List<PartitionQueue> changed = new ArrayList<>();
        for (PartitionQueue queue = accumulator.pollChanged(); queue != null; queue = accumulator.pollChanged()) {
            changed.add(queue);
        }
        return changed;
    }

    long pending() {
        return accumulator.acceptedRecords() - completions.delivered() - completions.failed();
    }
}
