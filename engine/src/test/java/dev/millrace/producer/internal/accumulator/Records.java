package dev.millrace.producer.internal.accumulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchReader;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Records of text, and batches read back as text. */
final class Records {

    private Records() {}

    static SerializedRecord record(String value) {
        SerializedRecord record = new SerializedRecord();
        byte[] bytes = value.getBytes(UTF_8);
        record.setValue(bytes, 0, bytes.length);
        return record;
    }

    /** A record whose value has this many bytes. */
    static SerializedRecord recordOf(int valueBytes) {
        return record("x".repeat(valueBytes));
    }

    /** Stamps the batch without an identity and reads its values. */
    static List<String> values(ProducerBatch batch) {
        batch.stamp(-1, (short) -1, -1);
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeBytes());
        batch.buffers().forEach(chunk -> bytes.put(chunk.duplicate()));
        List<String> values = new ArrayList<>();
        for (DecodedRecord record : RecordBatchReader.read(bytes.flip()).records()) {
            values.add(new String(Objects.requireNonNull(record.value()), UTF_8));
        }
        return values;
    }
}
