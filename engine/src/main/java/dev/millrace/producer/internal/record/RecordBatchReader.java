package dev.millrace.producer.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.compression.Decompression;
import dev.millrace.producer.internal.compression.DecompressionException;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches of message format 2. Every length is checked against the bytes that are there before anything is
 * allocated for it; what is read has its own memory.
 *
 * <p>It says whether bytes are a batch, not whether a broker takes it: deltas, counts and flags may contradict each
 * other. Every method throws {@link MalformedResponseException} on bytes that are no batch.
 */
public final class RecordBatchReader {

    /** More than this no batch becomes when it is decompressed. */
    private static final int MAX_PLAIN_BYTES = 256 << 20;

    private static final int MIN_HEADER_BYTES = 2;

    private RecordBatchReader() {}

    /**
     * Reads a batch, compressed or not, and moves the buffer behind it.
     *
     * @param in one or more batches from position to limit, in network byte order; borrowed
     */
    public static RecordBatch read(ByteBuffer in) {
        int start = in.position();
        RecordBatchHeader header = readHeader(in);
        int recordsBytes = header.sizeBytes() - RecordBatchLayout.HEADER_BYTES;
        ByteBuffer records = in.slice(in.position(), recordsBytes);
        List<DecodedRecord> decoded = readRecords(header, records);
        in.position(start + header.sizeBytes());
        return new RecordBatch(header, decoded);
    }

    /**
     * Reads the header of a batch, compressed or not, after checking its size, format and checksum. Moves the buffer to
     * the records.
     *
     * @param in one or more batches from position to limit, in network byte order; borrowed
     */
    public static RecordBatchHeader readHeader(ByteBuffer in) {
        int start = in.position();
        int sizeBytes = checkedSize(in);
        byte magic = in.get(start + RecordBatchLayout.MAGIC_OFFSET);
        if (magic != RecordBatchLayout.MAGIC) {
            throw new MalformedResponseException(
                    "message format " + magic + " where " + RecordBatchLayout.MAGIC + " is required");
        }
        checkCrc(in, sizeBytes);
        RecordBatchHeader header = new RecordBatchHeader(
                in.getLong(start + RecordBatchLayout.BASE_OFFSET_OFFSET),
                sizeBytes,
                in.getInt(start + RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET),
                in.getShort(start + RecordBatchLayout.ATTRIBUTES_OFFSET),
                in.getInt(start + RecordBatchLayout.LAST_OFFSET_DELTA_OFFSET),
                in.getLong(start + RecordBatchLayout.BASE_TIMESTAMP_OFFSET),
                in.getLong(start + RecordBatchLayout.MAX_TIMESTAMP_OFFSET),
                in.getLong(start + RecordBatchLayout.PRODUCER_ID_OFFSET),
                in.getShort(start + RecordBatchLayout.PRODUCER_EPOCH_OFFSET),
                in.getInt(start + RecordBatchLayout.BASE_SEQUENCE_OFFSET),
                in.getInt(start + RecordBatchLayout.RECORD_COUNT_OFFSET));
        in.position(start + RecordBatchLayout.RECORDS_OFFSET);
        return header;
    }

    /**
     * Reads the records of a batch from the part behind its header, compressed or not.
     *
     * @param records all of it, from position to limit; borrowed
     */
    public static List<DecodedRecord> readRecords(RecordBatchHeader header, ByteBuffer records) {
        return readRecords(header.recordCount(), header.baseTimestampMillis(), plain(header, records));
    }

    /** As above, for records that are not compressed and have no header yet. */
    public static List<DecodedRecord> readRecords(int count, long baseTimestampMillis, ByteBuffer records) {
        check(records, count, RecordSizes.MIN_RECORD_BYTES);
        List<DecodedRecord> decoded = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            decoded.add(readRecord(records, baseTimestampMillis));
        }
        if (records.hasRemaining()) {
            throw new MalformedResponseException(records.remaining() + " B left behind record " + count);
        }
        return decoded;
    }

    private static ByteBuffer plain(RecordBatchHeader header, ByteBuffer records) {
        if (header.compressionId() == Compression.NONE.id()) {
            return records;
        }
        try {
            return Decompression.decompress(header.compressionId(), records, MAX_PLAIN_BYTES);
        } catch (DecompressionException e) {
            throw new MalformedResponseException("records cannot be decompressed: " + e.getMessage());
        }
    }

    private static int checkedSize(ByteBuffer in) {
        if (in.remaining() < RecordBatchLayout.HEADER_BYTES) {
            throw new MalformedResponseException(
                    "batch header of " + RecordBatchLayout.HEADER_BYTES + " B wanted, " + in.remaining() + " B left");
        }
        int length = in.getInt(in.position() + RecordBatchLayout.LENGTH_OFFSET);
        if (length < RecordBatchLayout.HEADER_BYTES - RecordBatchLayout.LENGTH_OVERHEAD_BYTES
                || length > in.remaining() - RecordBatchLayout.LENGTH_OVERHEAD_BYTES) {
            throw new MalformedResponseException("batch length " + length + " with " + in.remaining() + " B left");
        }
        return length + RecordBatchLayout.LENGTH_OVERHEAD_BYTES;
    }

    private static void checkCrc(ByteBuffer in, int sizeBytes) {
        CRC32C crc = new CRC32C();
        crc.update(in.slice(
                in.position() + RecordBatchLayout.CRC_START_OFFSET, sizeBytes - RecordBatchLayout.CRC_START_OFFSET));
        int computed = (int) crc.getValue();
        int stored = in.getInt(in.position() + RecordBatchLayout.CRC_OFFSET);
        if (computed != stored) {
            throw new MalformedResponseException("batch checksum is " + Integer.toHexString(stored)
                    + ", its bytes give " + Integer.toHexString(computed));
        }
    }

    private static DecodedRecord readRecord(ByteBuffer in, long baseTimestampMillis) {
        int bodyBytes = Varints.getVarint(in);
        check(in, bodyBytes, 1);
        ByteBuffer body = in.slice(in.position(), bodyBytes);
        in.position(in.position() + bodyBytes);
        check(body, 1, 1);
        body.get(); // attributes, of which none is defined
        long timestampMillis = baseTimestampMillis + Varints.getVarlong(body);
        int offsetDelta = Varints.getVarint(body);
        byte[] key = readNullableBytes(body);
        byte[] value = readNullableBytes(body);
        Headers headers = readHeaders(body);
        if (body.hasRemaining()) {
            throw new MalformedResponseException(body.remaining() + " B left behind the headers of a record");
        }
        return new DecodedRecord(offsetDelta, timestampMillis, key, value, headers);
    }

    private static Headers readHeaders(ByteBuffer body) {
        int count = Varints.getVarint(body);
        check(body, count, MIN_HEADER_BYTES);
        if (count == 0) {
            return Headers.empty();
        }
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] key = readNullableBytes(body);
            if (key == null) {
                throw new MalformedResponseException("header " + i + " of a record has no key");
            }
            headers.add(new Header(new String(key, UTF_8), readNullableBytes(body)));
        }
        return Headers.of(headers);
    }

    private static byte @Nullable [] readNullableBytes(ByteBuffer body) {
        int length = Varints.getVarint(body);
        if (length == RecordSizes.NULL_LENGTH) {
            return null;
        }
        check(body, length, 1);
        byte[] bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private static void check(ByteBuffer in, int count, int bytesEach) {
        if (count < 0 || (long) count * bytesEach > in.remaining()) {
            throw new MalformedResponseException("length " + count + " at byte " + in.position() + " exceeds the "
                    + in.remaining() + " B left in the record");
        }
    }
}
