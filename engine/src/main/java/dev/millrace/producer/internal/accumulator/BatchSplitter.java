package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchWriter;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spreads records over batches of at most some size, or of one record, in order. The batches take their memory from the
 * pool even if that exceeds its limit for a moment: the memory the records come from is given back right after.
 */
final class BatchSplitter {

    private final Codec codec;
    private final int pieceBytes;
    private final BufferPool pool;
    private final List<RecordBatchWriter> pieces = new ArrayList<>();

    /** For pieces of at most {@code pieceBytes} on the wire. */
    BatchSplitter(Codec codec, int pieceBytes, BufferPool pool) {
        this.codec = codec;
        this.pieceBytes = pieceBytes;
        this.pool = pool;
    }

    /**
     * The pieces, sealed and compressed.
     *
     * @param plainPieceBytes how large a piece may be before compression, so that it will probably be small enough
     */
    List<RecordBatchWriter> split(List<DecodedRecord> records, int plainPieceBytes) {
        try {
            spread(records, plainPieceBytes);
            return pieces;
        } catch (RuntimeException | Error e) {
            pieces.forEach(piece -> pool.give(piece.releaseChunks()));
            throw e;
        }
    }

    private void spread(List<DecodedRecord> records, int plainPieceBytes) {
        int from = 0;
        while (from < records.size()) {
            RecordBatchWriter piece = new RecordBatchWriter();
            pieces.add(piece);
            int to = from;
            do {
                append(piece, serialized(records.get(to++)));
            } while (to < records.size() && fits(piece, serialized(records.get(to)), plainPieceBytes));
            piece.seal();
            compress(piece);
            if (piece.sizeBytes() > pieceBytes && piece.recordCount() > 1) {
                pieces.remove(pieces.size() - 1);
                pool.give(piece.releaseChunks());
                spread(records.subList(from, to), piece.plainRecordsBytes() / 2);
            }
            from = to;
        }
    }

    private static boolean fits(RecordBatchWriter piece, SerializedRecord record, int plainPieceBytes) {
        return piece.sizeBytes() + piece.sizeOf(record) <= plainPieceBytes;
    }

    private void append(RecordBatchWriter piece, SerializedRecord record) {
        int header = piece.recordCount() == 0 ? piece.sizeBytes() : 0;
        int missing = header + piece.sizeOf(record) - piece.roomBytes();
        if (missing > 0) {
            List<ByteBuffer> chunks = new ArrayList<>();
            pool.takeBeyondLimit(BufferPool.chunksFor(missing), chunks);
            chunks.forEach(piece::addChunk);
        }
        piece.append(record);
    }

    private void compress(RecordBatchWriter piece) {
        RecordCompression compression = new RecordCompression(codec, pool);
        if (compression.compress(piece.recordBuffers(), piece.plainRecordsBytes())) {
            pool.give(piece.replaceRecords(codec.type(), compression.output()));
        }
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
