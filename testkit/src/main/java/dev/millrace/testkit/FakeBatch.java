package dev.millrace.testkit;

import dev.millrace.producer.internal.record.RecordBatchLayout;
import java.nio.ByteBuffer;

/**
 * A record batch as it came in a Produce request, before anything was checked. The fields of bytes that are too short
 * for a batch are -1.
 *
 * @param topic the topic; its id as text if the cluster does not know the id
 * @param partition number of the partition
 * @param producerId the producer, -1 if not idempotent
 * @param producerEpoch its epoch, -1 if not idempotent
 * @param baseSequence sequence number of the first record, -1 if not idempotent
 * @param recordCount how many records it says it holds
 * @param compressionId number of the codec, 0 for none
 * @param sizeBytes all of its bytes
 */
public record FakeBatch(
        String topic,
        int partition,
        long producerId,
        int producerEpoch,
        int baseSequence,
        int recordCount,
        int compressionId,
        int sizeBytes) {

    static FakeBatch of(String topic, int partition, ByteBuffer batch) {
        int sizeBytes = batch.remaining();
        if (sizeBytes < RecordBatchLayout.HEADER_BYTES) {
            return new FakeBatch(topic, partition, -1, -1, -1, -1, -1, sizeBytes);
        }
        int start = batch.position();
        return new FakeBatch(
                topic,
                partition,
                batch.getLong(start + RecordBatchLayout.PRODUCER_ID_OFFSET),
                batch.getShort(start + RecordBatchLayout.PRODUCER_EPOCH_OFFSET),
                batch.getInt(start + RecordBatchLayout.BASE_SEQUENCE_OFFSET),
                batch.getInt(start + RecordBatchLayout.RECORD_COUNT_OFFSET),
                batch.getShort(start + RecordBatchLayout.ATTRIBUTES_OFFSET) & RecordBatchLayout.COMPRESSION_MASK,
                sizeBytes);
    }
}
