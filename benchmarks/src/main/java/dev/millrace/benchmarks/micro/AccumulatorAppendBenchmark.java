package dev.millrace.benchmarks.micro;

import dev.millrace.producer.internal.accumulator.BatchLimits;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.FailureWatch;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to put a record into its batch, to drain and stamp the batch and to complete its futures: everything an
 * accepted record goes through but serialization, partitioning and the network. One thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccumulatorAppendBenchmark {

    private static final int BATCH_BYTES = 16_384;

    /** Bytes of each value. */
    @Param({"100", "1000"})
    public int valueBytes;

    private final BufferPool pool = new BufferPool(32 << 20);
    private final Completions completions =
            new Completions(Runnable::run, pool, System::nanoTime, ObserverRelay.NONE, FailureWatch.NONE);
    private final RecordAccumulator accumulator = new RecordAccumulator(
            new BatchLimits(BATCH_BYTES, BATCH_BYTES, 0), pool, completions, System::nanoTime, () -> {});
    private final PartitionQueue queue = accumulator.topic("benchmark").queue(0);
    private final SerializedRecord record = new SerializedRecord();
    private int recordsPerBatch;
    private int appended;

    /** A record without key. */
    @Setup
    public void prepare() {
        record.setValue(new byte[valueBytes], 0, valueBytes);
        record.setTimestampMillis(1_700_000_000_000L);
        recordsPerBatch = BATCH_BYTES / (int) record.batchUpperBoundBytes();
    }

    /** Appends one record; every batch that is as large as its records fill it is drained, stamped, completed and released. */
    @Benchmark
    public RecordCompletion append() throws InterruptedException {
        RecordCompletion completion = new RecordCompletion(null);
        Acceptance acceptance = accumulator.append(queue, record, completion, 0);
        if (acceptance != Acceptance.ACCEPTED) {
            throw new IllegalStateException("record refused: " + acceptance);
        }
        if (++appended == recordsPerBatch) {
            appended = 0;
            end();
        }
        return completion;
    }

    private void end() {
        PartitionQueue changed = Objects.requireNonNull(accumulator.pollChanged());
        changed.waitNanos(System.nanoTime());
        ProducerBatch batch = Objects.requireNonNull(changed.drain());
        if (batch.recordCount() != recordsPerBatch) {
            throw new IllegalStateException("records in a batch: " + batch.recordCount());
        }
        batch.stamp(1, (short) 0, 0);
        completions.succeed(batch, 0, -1);
        accumulator.release(batch);
    }
}
