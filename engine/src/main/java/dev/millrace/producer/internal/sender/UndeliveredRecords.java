package dev.millrace.producer.internal.sender;

import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a closing producer leaves behind, read back from the batches. Event loop, then whoever closes. */
public final class UndeliveredRecords {

    private final List<UndeliveredRecord> records = new ArrayList<>();

    /** All records of a stamped batch. */
    void add(ProducerBatch batch, ProducerException failure) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeBytes());
        batch.buffers().forEach(chunk -> bytes.put(chunk.duplicate()));
        for (DecodedRecord record : RecordBatchReader.read(bytes.flip()).records()) {
            records.add(new UndeliveredRecord(
                    batch.topicPartition().topic(),
                    batch.topicPartition().partition(),
                    record.timestampMillis(),
                    record.key(),
                    record.value(),
                    record.headers(),
                    failure));
        }
    }

    /** A record that never got into a batch. */
    public void add(UndeliveredRecord record) {
        records.add(record);
    }

    /** Everything gathered so far. */
    public List<UndeliveredRecord> asList() {
        return List.copyOf(records);
    }
}
