package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.compression.CodecMissingException;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.record.RecordBatchReader;
import java.nio.ByteBuffer;
import java.util.List;

/** Checks the bytes of a batch as a broker does before it appends them (Kafka 4.0, LogValidator). Stateless. */
final class BatchValidator {

    private static final int HIGHEST_COMPRESSION_ID = 4;

    private BatchValidator() {}

    /**
     * Reads a batch; one whose codec is not on the class path comes back without records.
     *
     * @throws RefusedBatchException if a broker would not take it
     */
    static RecordBatch validate(ByteBuffer bytes, int maxMessageBytes) {
        checkShape(bytes);
        if (bytes.remaining() > maxMessageBytes) {
            throw new RefusedBatchException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "batch of " + bytes.remaining() + " B, limit is " + maxMessageBytes + " B");
        }
        RecordBatchHeader header = readHeader(bytes);
        checkHeader(header);
        List<DecodedRecord> records;
        try {
            records = readRecords(header, bytes);
        } catch (CodecMissingException unreadable) {
            return new RecordBatch(header, List.of());
        }
        checkOffsetDeltas(records);
        return new RecordBatch(header, records);
    }

    private static void checkShape(ByteBuffer bytes) {
        if (bytes.remaining() < RecordBatchLayout.HEADER_BYTES) {
            throw invalid("no batch in " + bytes.remaining() + " B");
        }
        byte magic = bytes.get(bytes.position() + RecordBatchLayout.MAGIC_OFFSET);
        if (magic != RecordBatchLayout.MAGIC) {
            throw invalid("message format " + magic);
        }
        long sizeBytes = (long) bytes.getInt(bytes.position() + RecordBatchLayout.LENGTH_OFFSET)
                + RecordBatchLayout.LENGTH_OVERHEAD_BYTES;
        if (sizeBytes >= RecordBatchLayout.HEADER_BYTES && sizeBytes < bytes.remaining()) {
            throw invalid("more than one batch: the first has " + sizeBytes + " B of " + bytes.remaining() + " B");
        }
    }

    private static RecordBatchHeader readHeader(ByteBuffer bytes) {
        try {
            return RecordBatchReader.readHeader(bytes);
        } catch (MalformedResponseException e) {
            // shape and format have been checked: what is left is the length and the checksum
            throw withCause(new RefusedBatchException(ErrorCode.CORRUPT_MESSAGE, String.valueOf(e.getMessage())), e);
        }
    }

    private static void checkHeader(RecordBatchHeader header) {
        if (header.recordCount() <= 0) {
            throw invalid("record count " + header.recordCount());
        }
        if (header.lastOffsetDelta() != header.recordCount() - 1) {
            throw invalid(
                    "record count " + header.recordCount() + " with last offset delta " + header.lastOffsetDelta());
        }
        if (header.isControl()) {
            throw invalid("control batch from a client");
        }
        if (header.hasLogAppendTime()) {
            throw new RefusedBatchException(ErrorCode.INVALID_TIMESTAMP, "log append time set by a client");
        }
        if (header.producerId() >= 0 && (header.baseSequence() < 0 || header.producerEpoch() < 0)) {
            throw invalid("producer id without epoch or sequence: producerEpoch=" + header.producerEpoch()
                    + " baseSequence=" + header.baseSequence());
        }
        if (header.compressionId() > HIGHEST_COMPRESSION_ID) {
            throw invalid("unknown codec " + header.compressionId());
        }
    }

    private static List<DecodedRecord> readRecords(RecordBatchHeader header, ByteBuffer records) {
        try {
            return RecordBatchReader.readRecords(header, records);
        } catch (MalformedResponseException e) {
            throw withCause(invalid(String.valueOf(e.getMessage())), e);
        }
    }

    private static void checkOffsetDeltas(List<DecodedRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).offsetDelta() != i) {
                throw new RefusedBatchException(
                        ErrorCode.INVALID_RECORD,
                        i,
                        "offset delta " + records.get(i).offsetDelta());
            }
        }
    }

    private static RefusedBatchException invalid(String message) {
        return new RefusedBatchException(ErrorCode.INVALID_RECORD, message);
    }

    private static RefusedBatchException withCause(RefusedBatchException refusal, Exception cause) {
        refusal.initCause(cause);
        return refusal;
    }
}
