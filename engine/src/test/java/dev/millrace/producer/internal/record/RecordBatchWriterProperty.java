package dev.millrace.producer.internal.record;

import static dev.millrace.producer.internal.protocol.WireBytes.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random records over chunks so small that every field is cut somewhere. */
class RecordBatchWriterProperty {

    private static final int ROUNDS = 3_000;
    private static final int SMALLEST_CHUNK = RecordBatchLayout.HEADER_BYTES + 3;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final RandomRecords parts = new RandomRecords(random);

    @Test
    @Tag("row-4")
    void writesWhatTheReferenceWrites() {
        for (int round = 0; round < ROUNDS; round++) {
            List<SerializedRecord> records = randomRecords();
            RecordBatchWriter writer = written(records);
            writer.stamp(random.nextLong(), (short) random.nextInt(), random.nextInt());
            long producerId = random.nextLong(1L << 50);
            short epoch = (short) random.nextInt(1 << 15);
            int sequence = random.nextInt() >>> 1;

            writer.stamp(producerId, epoch, sequence);

            ByteBuffer reference = referenceBatch(records, producerId, epoch, sequence);
            assertThat(ByteBuffer.wrap(join(writer.buffers())))
                    .as("seed %d", seed)
                    .isEqualTo(reference);
        }
    }

    @Test
    @Tag("row-4")
    void isReadBackByTheReferenceAndByOurReader() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            List<SerializedRecord> records = randomRecords();
            RecordBatchWriter writer = written(records);
            writer.stamp(-1, (short) -1, -1);
            byte[] bytes = join(writer.buffers());

            RecordBatch referenceBatch = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))
                    .batches()
                    .iterator()
                    .next();
            referenceBatch.ensureValid();
            Iterator<Record> reference = referenceBatch.iterator();
            Iterator<DecodedRecord> own =
                    RecordBatchReader.read(ByteBuffer.wrap(bytes)).records().iterator();
            for (SerializedRecord record : records) {
                Record theirs = reference.next();
                DecodedRecord ours = own.next();
                assertThat(theirs.key()).as("seed %d", seed).isEqualTo(buffer(key(record)));
                assertThat(theirs.value()).as("seed %d", seed).isEqualTo(buffer(value(record)));
                assertThat(theirs.timestamp()).as("seed %d", seed).isEqualTo(record.timestampMillis());
                assertThat(ours.key()).as("seed %d", seed).isEqualTo(key(record));
                assertThat(ours.value()).as("seed %d", seed).isEqualTo(value(record));
                assertThat(ours.timestampMillis()).as("seed %d", seed).isEqualTo(record.timestampMillis());
            }
            assertThat(reference.hasNext()).isFalse();
            assertThat(own.hasNext()).isFalse();
        }
    }

    @Test
    void copiesHoldTheSameRecordInArraysOfTheirOwn() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            SerializedRecord record = randomRecord();
            SerializedRecord copy = record.copy();

            assertThat(key(copy)).as("seed %d", seed).isEqualTo(key(record));
            assertThat(value(copy)).as("seed %d", seed).isEqualTo(value(record));
            assertThat(copy.headerSection()).as("seed %d", seed).isEqualTo(record.headerSection());
            assertThat(copy.timestampMillis()).as("seed %d", seed).isEqualTo(record.timestampMillis());
            assertThat(copy.payloadBytes()).as("seed %d", seed).isEqualTo(record.payloadBytes());
        }
    }

    private RecordBatchWriter written(List<SerializedRecord> records) {
        RecordBatchWriter writer = new RecordBatchWriter();
        writer.addChunk(chunk());
        for (SerializedRecord record : records) {
            int size = writer.sizeOf(record);
            long bound = record.batchUpperBoundBytes() - RecordBatchLayout.HEADER_BYTES;
            assertThat((long) size).as("seed %d", seed).isLessThanOrEqualTo(bound);
            while (writer.roomBytes() < size) {
                writer.addChunk(chunk());
            }
            int sizeBefore = writer.sizeBytes();
            int roomBefore = writer.roomBytes();

            writer.append(record);

            assertThat(writer.sizeBytes() - sizeBefore).as("seed %d", seed).isEqualTo(size);
            assertThat(roomBefore - writer.roomBytes()).as("seed %d", seed).isEqualTo(size);
        }
        if (random.nextInt(4) == 0) {
            writer.addChunk(chunk()); // one that stays empty
        }
        writer.seal();
        return writer;
    }

    private ByteBuffer chunk() {
        int bytes = random.nextInt(8) == 0 ? 4_096 : SMALLEST_CHUNK + random.nextInt(137);
        return random.nextBoolean() ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    private List<SerializedRecord> randomRecords() {
        List<SerializedRecord> records = new ArrayList<>();
        // past 64 records the offset delta takes two bytes
        for (int count = random.nextInt(20) == 0 ? 150 : 1 + random.nextInt(8); count > 0; count--) {
            records.add(randomRecord());
        }
        return records;
    }

    private SerializedRecord randomRecord() {
        SerializedRecord record = new SerializedRecord();
        byte[] key = parts.nullableBytes();
        if (key != null) {
            int offset = random.nextInt(10);
            record.setKey(shifted(key, offset), offset, key.length);
        }
        byte[] value = parts.nullableBytes();
        if (value != null) {
            int offset = random.nextInt(10);
            record.setValue(shifted(value, offset), offset, value.length);
        }
        record.setHeaders(random.nextBoolean() ? Headers.empty() : parts.headers());
        record.setTimestampMillis(random.nextLong() >>> (1 + random.nextInt(62)));
        return record;
    }

    private byte[] shifted(byte[] bytes, int offset) {
        byte[] array = new byte[offset + bytes.length + random.nextInt(10)];
        random.nextBytes(array);
        System.arraycopy(bytes, 0, array, offset, bytes.length);
        return array;
    }

    private static ByteBuffer referenceBatch(
            List<SerializedRecord> records, long producerId, short epoch, int sequence) {
        ProducerException failure =
                new ProducerException("any", FailureDetails.local(Stage.QUEUE, Recovery.RETRY), null);
        SimpleRecord[] simple = new SimpleRecord[records.size()];
        for (int i = 0; i < simple.length; i++) {
            SerializedRecord record = records.get(i);
            simple[i] = new SimpleRecord(
                    record.timestampMillis(),
                    key(record),
                    value(record),
                    RecordSizesProperty.referenceHeaders(
                            record.toUndelivered("t", 0, failure).headers()));
        }
        return MemoryRecords.withRecords(
                        RecordBatchLayout.MAGIC,
                        0,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        producerId,
                        epoch,
                        sequence,
                        -1,
                        false,
                        simple)
                .buffer();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static byte @Nullable [] key(SerializedRecord record) {
        return range(record.key(), record.keyOffset(), record.keyLength());
    }

    private static byte @Nullable [] value(SerializedRecord record) {
        return range(record.value(), record.valueOffset(), record.valueLength());
    }

    private static byte @Nullable [] range(byte[] array, int offset, int length) {
        if (length < 0) {
            return null;
        }
        byte[] range = new byte[length];
        System.arraycopy(array, offset, range, 0, length);
        return range;
    }
}
