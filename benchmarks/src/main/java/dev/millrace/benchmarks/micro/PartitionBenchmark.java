package dev.millrace.benchmarks.micro;

import dev.millrace.producer.internal.partitioning.KeyHash;
import java.nio.charset.StandardCharsets;
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

/** The choice of a partition by key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartitionBenchmark {

    private static final int KEYS = 1 << 10;
    private static final int PARTITIONS = 12;

    private final byte[][] keys = new byte[KEYS][];
    private int next;

    /** Keys as applications have them. */
    @Setup
    public void prepare() {
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ("customer-" + i * 7_919).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** By murmur2, as Java clients do. */
    @Benchmark
    public int partition() {
        byte[] key = keys[next++ & (KEYS - 1)];
        return KeyHash.MURMUR2.partitionFor(key, 0, key.length, PARTITIONS);
    }
}
