package dev.millrace.benchmarks.micro;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the other benchmarks are measured in: the work on the bytes of a record that nobody can avoid. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BaselineBenchmark {

    private static final int VALUE_BYTES = 100;

    private final byte[] value = new byte[VALUE_BYTES];
    private final ByteBuffer memory = ByteBuffer.allocateDirect(4_096);
    private final CRC32C crc = new CRC32C();

    /** Copies 100 B out of the heap and checksums them there. */
    @Benchmark
    public long copy() {
        memory.clear().put(value).flip();
        crc.reset();
        crc.update(memory);
        return crc.getValue();
    }
}
