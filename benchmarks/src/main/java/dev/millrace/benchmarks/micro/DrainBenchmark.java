package dev.millrace.benchmarks.micro;

import dev.millrace.producer.internal.accumulator.BatchLimits;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.FailureWatch;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a batch costs beside its records: one of a single record, from its opening to the end of its memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DrainBenchmark {

    private static final int BATCH_BYTES = 16_384;

    private final BufferPool pool = new BufferPool(1 << 20);
    private final Completions completions =
            new Completions(Runnable::run, pool, System::nanoTime, ObserverRelay.NONE, FailureWatch.NONE);
    private final RecordAccumulator accumulator = new RecordAccumulator(
            new BatchLimits(BATCH_BYTES, BATCH_BYTES, 0), pool, completions, System::nanoTime, () -> {});
    private final PartitionQueue queue = accumulator.topic("benchmark").queue(0);
    private final SerializedRecord record = new SerializedRecord();

    /** A record without key. */
    @Setup
    public void prepare() {
        record.setValue(new byte[100], 0, 100);
        record.setTimestampMillis(1_700_000_000_000L);
    }

    /** Append, drain, stamp, complete, release. */
    @Benchmark
    public RecordCompletion drain() throws InterruptedException {
        RecordCompletion completion = new RecordCompletion(null);
        accumulator.append(queue, record, completion, 0);
        PartitionQueue changed = Objects.requireNonNull(accumulator.pollChanged());
        changed.waitNanos(System.nanoTime());
        ProducerBatch batch = Objects.requireNonNull(changed.drain());
        batch.stamp(1, (short) 0, 0);
        completions.succeed(batch, 0, -1);
        accumulator.release(batch);
        return completion;
    }

    /** A record's end by itself. */
    @Benchmark
    public RecordCompletion complete() {
        RecordCompletion completion = new RecordCompletion(null);
        completion.describe(1_700_000_000_000L, -1, 100);
        completion.deliver("benchmark", 0, 1, -1);
        return completion;
    }
}
