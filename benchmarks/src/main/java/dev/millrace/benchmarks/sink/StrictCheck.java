package dev.millrace.benchmarks.sink;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * Reads every batch as Kafka's own code does: checksum, number of records, offsets within the batch, and that sequences
 * follow each other for each producer id, epoch and partition.
 */
final class StrictCheck implements BatchCheck {

    private record Sender(long producerId, short epoch, int partition) {}

    private final Map<Sender, Integer> nextSequence = new HashMap<>();

    @Override
    public String judge(int partition, ByteBuffer bytes) {
        try {
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(bytes.slice()).batches()) {
                batch.ensureValid();
                int count = 0;
                for (Record record : batch) {
                    record.ensureValid();
                    if (record.offset() != batch.baseOffset() + count) {
                        return "offset " + record.offset() + " at " + count;
                    }
                    count++;
                }
                Integer declared = batch.countOrNull();
                if (declared == null || declared != count) {
                    return "records " + count + " declared " + declared;
                }
                String wrong = judgeSequence(partition, batch, count);
                if (!wrong.isEmpty()) {
                    return wrong;
                }
            }
            return "";
        } catch (KafkaException e) {
            return e.toString();
        }
    }

    private String judgeSequence(int partition, MutableRecordBatch batch, int count) {
        if (!batch.hasProducerId()) {
            return "";
        }
        Sender sender = new Sender(batch.producerId(), batch.producerEpoch(), partition);
        int expected = nextSequence.getOrDefault(sender, 0);
        nextSequence.put(sender, (batch.baseSequence() + count) & Integer.MAX_VALUE);
        return batch.baseSequence() == expected
                ? ""
                : "sequence " + batch.baseSequence() + " instead of " + expected + " from " + sender;
    }
}
