package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.Decompression;
import dev.millrace.producer.internal.record.DecodedRecord;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.record.RecordBatchReader;
import dev.millrace.producer.internal.record.RecordBatchWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The work on the bytes of a drained batch before it can be sent: compress its records, and spread them over several
 * batches if one would be too large.
 *
 * <p>Made on the event loop, run by any one thread, taken back on the event loop ({@link RecordAccumulator#finish}). While
 * it runs it only reads memory of the batch and takes chunks from the pool: the batch itself, its futures and what becomes
 * of them are none of its business. It never throws.
 */
public final class SealWork implements Runnable {

    private static final long CHEAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int SPLIT_NANOS_PER_BYTE = 10;
    private static final double SPLIT_MARGIN = 0.95;

    private final PartitionQueue queue;
    private final ProducerBatch batch;
    private final Codec codec;
    private final BufferPool pool;
    private final int limitBytes;
    private final boolean isSplit;

    // of the batch as it is when the work is made
    private final List<ByteBuffer> records;
    private final Compression codecBefore;
    private final int sizeBefore;

    // what came of it
    private @Nullable RecordCompression compression; // null if it was not tried
    private @Nullable List<RecordBatchWriter> pieces; // null if the batch stays one
    private @Nullable Throwable failure;

    private SealWork(
            PartitionQueue queue, ProducerBatch batch, Codec codec, BufferPool pool, int limitBytes, boolean isSplit) {
        this.queue = queue;
        this.batch = batch;
        this.codec = codec;
        this.pool = pool;
        this.limitBytes = limitBytes;
        this.isSplit = isSplit;
        codecBefore = batch.writer().codec();
        sizeBefore = batch.sizeBytes();
        records = isNothingToDo() ? List.of() : batch.writer().recordBuffers();
    }

    /** Compress, and split if the result is larger than that. */
    static SealWork seal(PartitionQueue queue, ProducerBatch batch, Codec codec, BufferPool pool, int limitBytes) {
        return new SealWork(queue, batch, codec, pool, limitBytes, false);
    }

    /** Split into pieces of at most that, whatever the size is. */
    static SealWork split(PartitionQueue queue, ProducerBatch batch, Codec codec, BufferPool pool, int pieceBytes) {
        return new SealWork(queue, batch, codec, pool, pieceBytes, true);
    }

    /** Whether it takes so little time that handing it to another thread is not worth it. */
    public boolean isCheap() {
        if (isPlain()) {
            return true; // without compression there are no threads for it
        }
        int bytes = batch.writer().plainRecordsBytes();
        return codec.costNanos(bytes) + (isSplit ? (long) bytes * SPLIT_NANOS_PER_BYTE : 0) <= CHEAP_NANOS;
    }

    @Override
    @SuppressWarnings("CatchAndPrintStackTrace") // not what happens here: the event loop looks at the failure
    public void run() {
        try {
            int size = isSplit || isPlain() ? sizeBefore : compressedSize();
            if (batch.recordCount() > 1 && (isSplit || size > limitBytes)) {
                pieces = new BatchSplitter(codec, limitBytes, pool).split(plainRecords(), plainPieceBytes(size));
            }
        } catch (Throwable e) { // memory, most likely; it fails these records and nothing else
            failure = e;
        }
    }

    /** Why the batch can neither be sent nor split, null if it can. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** What the codec threw, so that the batch stays plain, or null. */
    public @Nullable Throwable codecFailure() {
        return compression == null ? null : compression.failure();
    }

    /** The batch it works on. */
    public ProducerBatch batch() {
        return batch;
    }

    PartitionQueue queue() {
        return queue;
    }

    boolean isSplit() {
        return isSplit;
    }

    int limitBytes() {
        return limitBytes;
    }

    @Nullable RecordCompression compression() {
        return compression;
    }

    @Nullable List<RecordBatchWriter> pieces() {
        return pieces;
    }

    /** Gives all memory back that it has taken. */
    void discard() {
        if (compression != null) {
            compression.discard();
        }
        if (pieces != null) {
            pieces.forEach(piece -> pool.give(piece.releaseChunks()));
            pieces = null;
        }
    }

    private boolean isNothingToDo() {
        return isPlain() && !isSplit && sizeBefore <= limitBytes;
    }

    private boolean isPlain() {
        return codec.type() == Compression.NONE && codecBefore == Compression.NONE;
    }

    private int compressedSize() {
        compression = new RecordCompression(codec, pool);
        return compression.compress(records, batch.writer().plainRecordsBytes())
                ? RecordBatchLayout.HEADER_BYTES + compression.output().sizeBytes()
                : sizeBefore;
    }

    private List<DecodedRecord> plainRecords() {
        ByteBuffer bytes = ByteBuffer.allocate(sizeBefore - RecordBatchLayout.HEADER_BYTES);
        records.forEach(chunk -> chunk.position(0)); // where compression has left them
        records.get(0).position(RecordBatchLayout.HEADER_BYTES);
        records.forEach(bytes::put);
        ByteBuffer plain = Decompression.decompress(
                codecBefore, bytes.flip(), batch.writer().plainRecordsBytes());
        return RecordBatchReader.readRecords(batch.recordCount(), batch.writer().baseTimestampMillis(), plain);
    }

    /** As much as will probably become {@link #limitBytes}, but not all of it. */
    private int plainPieceBytes(int size) {
        int plainSize = RecordBatchLayout.HEADER_BYTES + batch.writer().plainRecordsBytes();
        double likely = size == plainSize ? limitBytes : (double) limitBytes * plainSize / size * SPLIT_MARGIN;
        int half = plainSize / 2;
        return (int) Math.min(half, likely);
    }
}
