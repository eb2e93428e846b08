package dev.millrace.producer.internal.record;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.ChunkOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes one v2 record batch into a chain of chunks, each record once and in its final place.
 *
 * <p>The life of a batch: records are appended, then it is sealed (the count is fixed), its records may be replaced by
 * their compressed form, then it is stamped (producer id, epoch, sequence, checksum), possibly again for a retry under
 * another identity. Not thread-safe: guarded by the lock of its
 * partition queue until it is sealed, confined to the event loop from then on.
 */
public final class RecordBatchWriter {

    private static final byte RECORD_ATTRIBUTES = 0;
    private static final int NO_PARTITION_LEADER_EPOCH = -1;

    private List<ByteBuffer> chunks = new ArrayList<>(4);
    private int tailIndex;
    private int roomBytes;
    private int recordCount;
    private int sizeBytes = RecordBatchLayout.HEADER_BYTES;
    private long baseTimestampMillis;
    private long maxTimestampMillis;
    private boolean sealed;
    private Compression codec = Compression.NONE;
    private int plainRecordsBytes;

    /**
     * Adds memory to write into; takes ownership until {@link #releaseChunks}.
     *
     * @param chunk position 0, limit at its capacity, the first one larger than the batch header
     */
    public void addChunk(ByteBuffer chunk) {
        if (chunks.isEmpty()) {
            chunk.position(RecordBatchLayout.HEADER_BYTES);
        }
        chunks.add(chunk);
        roomBytes += chunk.remaining();
    }

    /** Bytes the record will take at the end of this batch, including its length. */
    public int sizeOf(SerializedRecord record) {
        return framed(bodyBytes(record));
    }

    /** Bytes the record will take at the end of this batch behind its length. */
    public int bodyBytes(SerializedRecord record) {
        long timestampDelta = recordCount == 0 ? 0 : record.timestampMillis() - baseTimestampMillis;
        return 1 + Varints.varlongBytes(timestampDelta) + Varints.varintBytes(recordCount) + record.payloadBytes();
    }

    /** Bytes of a record with a body of this size, its length included. */
    public static int framed(int bodyBytes) {
        return Varints.varintBytes(bodyBytes) + bodyBytes;
    }

    /** Bytes that fit into the chunks at hand. */
    public int roomBytes() {
        return roomBytes;
    }

    /** As {@link #append(SerializedRecord, int)}, for those who do not know the size yet. */
    public void append(SerializedRecord record) {
        append(record, bodyBytes(record));
    }

    /**
     * Writes a record after those already there.
     *
     * @param bodyBytes what {@link #bodyBytes(SerializedRecord)} says of the record now
     * @throws IllegalStateException if it does not fit into {@link #roomBytes}, or the batch is sealed
     */
    public void append(SerializedRecord record, int bodyBytes) {
        if (sealed) {
            throw new IllegalStateException("append to a sealed batch");
        }
        if (recordCount == 0) {
            baseTimestampMillis = record.timestampMillis();
            maxTimestampMillis = baseTimestampMillis;
        }
        int bytes = framed(bodyBytes);
        ByteBuffer tail = chunks.get(tailIndex);
        if (tail.remaining() >= bytes) {
            writeInto(tail, record, bodyBytes);
        } else {
            writeAcross(record, bodyBytes);
        }
        roomBytes -= bytes;
        recordCount++;
        sizeBytes += bytes;
        maxTimestampMillis = Math.max(maxTimestampMillis, record.timestampMillis());
    }

    /** Of almost every record: all of it is in one chunk, and the chunk's position moves once. */
    private void writeInto(ByteBuffer tail, SerializedRecord record, int bodyBytes) {
        int at = Varints.putVarint(tail, tail.position(), bodyBytes);
        tail.put(at, RECORD_ATTRIBUTES);
        at = Varints.putVarlong(tail, at + 1, record.timestampMillis() - baseTimestampMillis);
        at = Varints.putVarint(tail, at, recordCount);
        at = putBytes(tail, at, record.key(), record.keyOffset(), record.keyLength());
        at = putBytes(tail, at, record.value(), record.valueOffset(), record.valueLength());
        byte[] headers = record.headerSection();
        tail.put(at, headers, 0, headers.length);
        tail.position(at + headers.length);
    }

    private static int putBytes(ByteBuffer tail, int index, byte[] source, int offset, int length) {
        int at = Varints.putVarint(tail, index, length);
        if (length <= 0) {
            return at;
        }
        tail.put(at, source, offset, length);
        return at + length;
    }

    private void writeAcross(SerializedRecord record, int bodyBytes) {
        putVarint(bodyBytes);
        put(RECORD_ATTRIBUTES);
        putVarlong(record.timestampMillis() - baseTimestampMillis);
        putVarint(recordCount);
        putVarint(record.keyLength());
        if (record.keyLength() > 0) {
            put(record.key(), record.keyOffset(), record.keyLength());
        }
        putVarint(record.valueLength());
        if (record.valueLength() > 0) {
            put(record.value(), record.valueOffset(), record.valueLength());
        }
        put(record.headerSection(), 0, record.headerSection().length);
    }

    /** Ends the appending and writes all of the header that does not depend on the producer's identity. */
    public void seal() {
        sealed = true;
        plainRecordsBytes = sizeBytes - RecordBatchLayout.HEADER_BYTES;
        for (int i = 0; i < chunks.size(); i++) {
            chunks.get(i).flip();
        }
        writeHeader();
    }

    /**
     * The records without the header, as they are on the wire, to be read by another thread.
     *
     * @return positions of their own on memory of this batch; borrowed
     */
    public List<ByteBuffer> recordBuffers() {
        List<ByteBuffer> views = new ArrayList<>(chunks.size());
        for (ByteBuffer chunk : chunks) {
            views.add(chunk.duplicate().position(0));
        }
        views.get(0).position(RecordBatchLayout.HEADER_BYTES);
        return views;
    }

    /**
     * Puts the compressed form in the place of the records. Only of a sealed batch, and before it is stamped.
     *
     * @param compressed complete, with room for the header in front; its chunks belong to the batch from now on
     * @return the memory of the plain records, which the batch has no use for any more
     */
    public List<ByteBuffer> replaceRecords(Compression newCodec, ChunkOutput compressed) {
        List<ByteBuffer> plain = chunks;
        codec = newCodec;
        sizeBytes = RecordBatchLayout.HEADER_BYTES + compressed.sizeBytes();
        chunks = compressed.finish();
        writeHeader();
        return plain;
    }

    /** As {@link #stamp(long, short, int, boolean)}, for records that belong to no transaction. */
    public void stamp(long producerId, short producerEpoch, int baseSequence) {
        stamp(producerId, producerEpoch, baseSequence, false);
    }

    /**
     * Writes the producer's identity and the checksum. Only while no transport borrows the bytes.
     *
     * @param producerId the id, or -1 without idempotence
     * @param producerEpoch the epoch, or -1 without idempotence
     * @param baseSequence sequence of the first record, or -1 without idempotence
     * @param transactional whether the records belong to a transaction
     */
    public void stamp(long producerId, short producerEpoch, int baseSequence, boolean transactional) {
        ByteBuffer header = chunks.get(0);
        int attributes = codec.id() | (transactional ? RecordBatchLayout.TRANSACTIONAL_BIT : 0);
        header.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short) attributes);
        header.putLong(RecordBatchLayout.PRODUCER_ID_OFFSET, producerId);
        header.putShort(RecordBatchLayout.PRODUCER_EPOCH_OFFSET, producerEpoch);
        header.putInt(RecordBatchLayout.BASE_SEQUENCE_OFFSET, baseSequence);
        CRC32C crc = new CRC32C();
        header.position(RecordBatchLayout.CRC_START_OFFSET);
        for (int i = 0; i < chunks.size(); i++) {
            ByteBuffer chunk = chunks.get(i);
            crc.update(chunk);
            chunk.position(0);
        }
        header.putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue());
    }

    /** The batch's bytes in order, each chunk from position to limit. Borrowed from this batch. */
    public List<ByteBuffer> buffers() {
        return chunks;
    }

    /** Hands the memory back. The batch is of no further use. */
    public List<ByteBuffer> releaseChunks() {
        List<ByteBuffer> released = new ArrayList<>(chunks);
        chunks.clear();
        return released;
    }

    /** Records in the batch. */
    public int recordCount() {
        return recordCount;
    }

    /** Bytes of the batch on the wire, header included. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** What its records are compressed with. */
    public Compression codec() {
        return codec;
    }

    /** Bytes of its records before they were compressed. Only of a sealed batch. */
    public int plainRecordsBytes() {
        return plainRecordsBytes;
    }

    /** Timestamp of the first record, milliseconds since the epoch. */
    public long baseTimestampMillis() {
        return baseTimestampMillis;
    }

    private void writeHeader() {
        ByteBuffer header = chunks.get(0);
        header.putLong(RecordBatchLayout.BASE_OFFSET_OFFSET, 0);
        header.putInt(RecordBatchLayout.LENGTH_OFFSET, sizeBytes - RecordBatchLayout.LENGTH_OVERHEAD_BYTES);
        header.putInt(RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET, NO_PARTITION_LEADER_EPOCH);
        header.put(RecordBatchLayout.MAGIC_OFFSET, RecordBatchLayout.MAGIC);
        header.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short) codec.id());
        header.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_OFFSET, recordCount - 1);
        header.putLong(RecordBatchLayout.BASE_TIMESTAMP_OFFSET, baseTimestampMillis);
        header.putLong(RecordBatchLayout.MAX_TIMESTAMP_OFFSET, maxTimestampMillis);
        header.putInt(RecordBatchLayout.RECORD_COUNT_OFFSET, recordCount);
    }

    private void putVarint(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        while ((zigzag & ~0x7f) != 0) {
            put((byte) (zigzag | 0x80));
            zigzag >>>= 7;
        }
        put((byte) zigzag);
    }

    private void putVarlong(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        while ((zigzag & ~0x7fL) != 0) {
            put((byte) (zigzag | 0x80));
            zigzag >>>= 7;
        }
        put((byte) zigzag);
    }

    private void put(byte value) {
        tailWithRoom().put(value);
    }

    private void put(byte[] source, int offset, int length) {
        int done = 0;
        while (done < length) {
            ByteBuffer tail = tailWithRoom();
            int piece = Math.min(tail.remaining(), length - done);
            tail.put(source, offset + done, piece);
            done += piece;
        }
    }

    private ByteBuffer tailWithRoom() {
        ByteBuffer tail = chunks.get(tailIndex);
        if (!tail.hasRemaining()) {
            if (tailIndex + 1 == chunks.size()) {
                throw new IllegalStateException("record written past the memory of its batch: size=" + sizeBytes
                        + " B chunks=" + chunks.size());
            }
            tailIndex++;
            tail = chunks.get(tailIndex);
        }
        return tail;
    }
}
