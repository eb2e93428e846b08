package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchReader;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the records of a batch over smaller ones, in order. The pieces take their memory from the pool even if that
 * exceeds its limit for a moment: the parent's is given back right after.
 */
final class BatchSplitter {

    private final BufferPool pool;
    private final int pieceBytes;
    private final ProducerBatch parent;
    private final List<ProducerBatch> pieces = new ArrayList<>();

    /** Splits a stamped batch into pieces of at most {@code pieceBytes}, or of one record. */
    BatchSplitter(ProducerBatch parent, int pieceBytes, BufferPool pool) {
        this.parent = parent;
        this.pieceBytes = pieceBytes;
        this.pool = pool;
    }

    /** The pieces, sealed. The parent's records belong to them from now on. */
    List<ProducerBatch> split() {
        ByteBuffer bytes = ByteBuffer.allocate(parent.sizeBytes());
        parent.buffers().forEach(chunk -> bytes.put(chunk.duplicate()));
        RecordCompletion completion = parent.takeCompletions();
        for (DecodedRecord decoded : RecordBatchReader.read(bytes.flip()).records()) {
            if (completion == null) {
                throw new IllegalStateException(
                        "batch has more records than ends: partition=" + parent.topicPartition());
            }
            RecordCompletion following = completion.takeNext();
            append(serialized(decoded), completion);
            completion = following;
        }
        pieces.forEach(piece -> piece.writer().seal());
        return pieces;
    }

    private void append(SerializedRecord record, RecordCompletion completion) {
        ProducerBatch piece = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (piece == null || piece.sizeBytes() + piece.writer().sizeOf(record) > pieceBytes) {
            piece = new ProducerBatch(parent.topicPartition(), parent.createdNanos());
            pieces.add(piece);
        }
        int header = piece.recordCount() == 0 ? piece.sizeBytes() : 0;
        int missing = header + piece.writer().sizeOf(record) - piece.writer().roomBytes();
        if (missing > 0) {
            List<ByteBuffer> chunks = new ArrayList<>();
            pool.takeBeyondLimit(BufferPool.chunksFor(missing), chunks);
            chunks.forEach(piece.writer()::addChunk);
        }
        piece.append(record, completion);
    }

    private static SerializedRecord serialized(DecodedRecord decoded) {
        SerializedRecord record = new SerializedRecord();
        byte @Nullable [] key = decoded.key();
        if (key != null) {
            record.setKey(key, 0, key.length);
        }
        byte @Nullable [] value = decoded.value();
        if (value != null) {
            record.setValue(value, 0, value.length);
        }
        record.setHeaders(decoded.headers());
        record.setTimestampMillis(decoded.timestampMillis());
        return record;
    }
}
