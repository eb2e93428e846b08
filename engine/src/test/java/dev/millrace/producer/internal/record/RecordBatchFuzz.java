package dev.millrace.producer.internal.record;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Batches with any content, whose size and checksum are right: they are read or refused. */
public final class RecordBatchFuzz {

    private RecordBatchFuzz() {}

    /** Tries one input, which is a batch; its size and checksum are put right first. */
    public static void fuzzerTestOneInput(byte[] data) {
        byte[] batch = data.clone();
        ByteBuffer in = ByteBuffer.wrap(batch);
        if (batch.length >= RecordBatchLayout.HEADER_BYTES) {
            in.putInt(RecordBatchLayout.LENGTH_OFFSET, batch.length - RecordBatchLayout.LENGTH_OVERHEAD_BYTES);
            CRC32C crc = new CRC32C();
            crc.update(batch, RecordBatchLayout.CRC_START_OFFSET, batch.length - RecordBatchLayout.CRC_START_OFFSET);
            in.putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue());
        }
        try {
            RecordBatch read = RecordBatchReader.read(in);
            if (read.records().size() != read.header().recordCount()) {
                throw new IllegalStateException("not as many records as it says: " + read);
            }
        } catch (MalformedResponseException expected) {
            return;
        }
    }
}
