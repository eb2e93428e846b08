package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.compression.FailingCodec;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes, contents and memory of batches that are compressed. */
class SealWorkTest {

    private static final int REQUEST_BYTES = 20_000;
    private static final int PLAIN_BYTES = 80_000;

    private final Codecs codecs = new Codecs();
    private final Random random = new Random(3);
    private final List<String> values = new ArrayList<>();

    @AfterEach
    void close() {
        codecs.close();
    }

    private TestAccumulator accumulator(Codec codec) {
        return new TestAccumulator(
                new BatchLimits(4_000, REQUEST_BYTES, PLAIN_BYTES, 0, OpenTime.UNLIMITED),
                new BufferPool(1_000L * BufferPool.CHUNK_BYTES),
                codec);
    }

    private void append(TestAccumulator test, int count, int noiseBytes, int fillBytes) {
        for (int i = 0; i < count; i++) {
            StringBuilder value = new StringBuilder(values.size() + ".");
            random.ints(noiseBytes, ' ', '~').forEach(each -> value.append((char) each));
            value.append("x".repeat(fillBytes));
            values.add(value.toString());
            test.append(Records.record(value.toString()));
        }
    }

    private static List<ProducerBatch> seal(TestAccumulator test) {
        SealWork work = test.accumulator.seal(test.queue(), test.drain());
        work.run();
        assertThat(work.failure()).isNull();
        return test.accumulator.finish(work);
    }

    /** Reads the batches and gives their memory back. */
    private static List<String> read(TestAccumulator test, List<ProducerBatch> batches) {
        List<String> read = new ArrayList<>();
        for (ProducerBatch batch : batches) {
            batch.stamp(1, (short) 0, 0);
            read.addAll(Records.values(batch));
            test.succeed(batch);
        }
        return read;
    }

    /** Lets it believe that everything compresses well. */
    private void expectMuch(TestAccumulator test) {
        for (int i = 0; i < 30; i++) {
            append(test, 18, 0, 1_000);
            var unused = read(test, seal(test));
        }
        values.clear();
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void givesThePlainMemoryBackAndHoldsTheCompressedForm(Compression type) {
        TestAccumulator test = accumulator(codecs.codec(type, 1));
        append(test, 18, 10, 1_000);
        long before = test.pool.usage().usedBytes();

        List<ProducerBatch> sealed = seal(test);

        assertThat(sealed).hasSize(1);
        assertThat(sealed.get(0).sizeBytes()).isLessThan(3_000);
        assertThat(sealed.get(0).writer().codec()).isEqualTo(type);
        assertThat(before).isGreaterThan(4L * BufferPool.CHUNK_BYTES);
        assertThat(test.pool.usage().usedBytes()).isEqualTo(BufferPool.CHUNK_BYTES);
        assertThat(read(test, sealed).equals(values)).isTrue();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void splitsWhatIsStillTooLargeWhereverThatIsSeen() {
        Codec gzip = codecs.codec(Compression.GZIP, 1);
        TestAccumulator test = accumulator(gzip);
        expectMuch(test);
        append(test, 70, 1_000, 0);

        List<ProducerBatch> sealed = seal(test);

        assertThat(sealed).hasSizeGreaterThan(2).hasSizeLessThan(7);
        assertThat(sealed).allMatch(batch -> batch.sizeBytes() <= REQUEST_BYTES);
        assertThat(read(test, sealed).equals(values)).isTrue();
        test.deliver();
        assertThat(test.pending()).isZero();
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void growsToFillARequestButNotForEver() {
        TestAccumulator test = accumulator(codecs.codec(Compression.GZIP, 1));
        expectMuch(test);
        append(test, 200, 0, 1_000);
        ProducerBatch grown = test.drain();
        assertThat(grown.sizeBytes()).isBetween(PLAIN_BYTES - 1_100, PLAIN_BYTES);
    }

    @Test
    @Tag("row-53")
    void oneTopicsDataDoesNotDecideForAnother() {
        TestAccumulator test = accumulator(codecs.codec(Compression.GZIP, 1));
        append(test, 18, 0, 1_000);
        var unused = read(test, seal(test));
        PartitionQueue other = test.accumulator.topic("other").queue(0);
        SerializedRecord record = Records.recordOf(10_000);
        assertThat(other.tryAppend(record, new RecordCompletion(null), List.of()))
                .isEqualTo(PartitionQueue.AppendResult.APPENDED_FIRST);
        assertThat(other.headBytes()).isGreaterThan(10_000);
        test.append(record);
        assertThat(test.queue().headBytes()).isLessThan(10_000);
    }

    @Test
    @Tag("row-53")
    @Tag("T12")
    void oneProducersDataDoesNotDecideForAnother() {
        TestAccumulator learned = accumulator(codecs.codec(Compression.GZIP, 1));
        append(learned, 18, 0, 1_000);
        var unused = read(learned, seal(learned));
        TestAccumulator other = accumulator(codecs.codec(Compression.GZIP, 1));
        learned.append(Records.recordOf(10_000));
        other.append(Records.recordOf(10_000));

        assertThat(learned.queue().headBytes()).isLessThan(10_000);
        assertThat(other.queue().headBytes()).isGreaterThan(10_000);
    }

    @Test
    void codecThatThrowsHoldsNoMemory() {
        TestAccumulator test = accumulator(new FailingCodec(new OutOfMemoryError("native")));
        append(test, 18, 10, 1_000);
        long before = test.pool.usage().usedBytes();
        SealWork work = test.accumulator.seal(test.queue(), test.drain());
        work.run();
        assertThat(work.codecFailure()).isInstanceOf(OutOfMemoryError.class);
        assertThat(work.failure()).isNull();
        assertThat(test.pool.usage().usedBytes()).isEqualTo(before);
        assertThat(read(test, test.accumulator.finish(work))).isEqualTo(values);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void workThatIsNotWantedHoldsNoMemory() {
        TestAccumulator test = accumulator(codecs.codec(Compression.GZIP, 1));
        append(test, 18, 300, 700);
        ProducerBatch batch = test.drain();
        long before = test.pool.usage().usedBytes();
        SealWork work = test.accumulator.seal(test.queue(), batch);
        work.run();
        assertThat(test.pool.usage().usedBytes()).isGreaterThan(before);
        test.accumulator.discard(work);
        assertThat(test.pool.usage().usedBytes()).isEqualTo(before);
        SealWork split = test.accumulator.split(test.queue(), batch);
        split.run();
        test.accumulator.discard(split);
        assertThat(test.pool.usage().usedBytes()).isEqualTo(before);
        test.succeed(batch);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void workThatFailsSaysSoAndHoldsNoMemory() {
        TestAccumulator test = accumulator(codecs.codec(Compression.GZIP, 1));
        append(test, 18, 300, 700);
        ProducerBatch batch = test.drain();
        batch.buffers().get(2).put(0, new byte[64]); // in the middle of a record, whose length no longer fits
        batch.buffers().get(0).put(61, (byte) 1);
        SealWork split = test.accumulator.split(test.queue(), batch);
        split.run();
        assertThat(split.failure()).isNotNull();
        test.accumulator.discard(split);
        test.succeed(batch);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }
}
