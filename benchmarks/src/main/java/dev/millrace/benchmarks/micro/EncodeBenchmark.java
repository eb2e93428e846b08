package dev.millrace.benchmarks.micro;

import dev.millrace.producer.internal.record.RecordBatchWriter;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.record.Varints;
import java.nio.ByteBuffer;
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

/** A record's encoding by itself, and the sealing of a batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {

    private static final int CHUNK_BYTES = 4_096;
    private static final int CHUNKS = 4;
    private static final int RECORDS = 140; // of 100 B fit into 16 KiB

    private final SerializedRecord record = new SerializedRecord();
    private final ByteBuffer[] chunks = new ByteBuffer[CHUNKS];
    private final ByteBuffer numbers = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private RecordBatchWriter writer = new RecordBatchWriter();
    private RecordBatchWriter full = new RecordBatchWriter();
    private int number;

    /** A record without key, and a batch of 16 KiB. */
    @Setup
    public void prepare() {
        record.setValue(new byte[100], 0, 100);
        record.setTimestampMillis(1_700_000_000_000L);
        for (int i = 0; i < CHUNKS; i++) {
            chunks[i] = ByteBuffer.allocateDirect(CHUNK_BYTES);
        }
        writer = newWriter();
        full = new RecordBatchWriter();
        for (int i = 0; i < CHUNKS; i++) {
            full.addChunk(ByteBuffer.allocateDirect(CHUNK_BYTES));
        }
        for (int i = 0; i < RECORDS; i++) {
            full.append(record);
        }
        full.seal();
    }

    /** One record; every 140th begins a new batch in the same memory. */
    @Benchmark
    public int encode() {
        if (writer.recordCount() == RECORDS) {
            writer = newWriter();
        }
        writer.append(record);
        return writer.sizeBytes();
    }

    /** Stamps and checksums a batch of 16 KiB. */
    @Benchmark
    public int stamp() {
        full.stamp(1, (short) 0, number++);
        return full.sizeBytes();
    }

    /** A number of two bytes. */
    @Benchmark
    public int varint() {
        numbers.clear();
        Varints.putVarint(numbers, 1_000 + (number++ & 0xff));
        return numbers.position();
    }

    private RecordBatchWriter newWriter() {
        RecordBatchWriter fresh = new RecordBatchWriter();
        for (ByteBuffer chunk : chunks) {
            chunk.clear();
            fresh.addChunk(chunk);
        }
        return fresh;
    }
}
