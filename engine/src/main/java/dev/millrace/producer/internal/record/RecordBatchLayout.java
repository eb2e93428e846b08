package dev.millrace.producer.internal.record;

/**
 * Where the fields of a record batch's header are (message format 2, KIP-98). Integers are big-endian and signed.
 *
 * <pre>
 * offset size field                    what a producer writes
 *      0    8 base_offset              0; the broker replaces it
 *      8    4 batch_length             bytes behind this field: size of the batch - 12
 *     12    4 partition_leader_epoch   -1; the broker replaces it
 *     16    1 magic                    2
 *     17    4 crc                      CRC-32C of everything from attributes to the end
 *     21    2 attributes               see below
 *     23    4 last_offset_delta        record_count - 1
 *     27    8 base_timestamp           timestamp of the first record, in milliseconds
 *     35    8 max_timestamp            largest timestamp of a record, in milliseconds
 *     43    8 producer_id              -1 if not idempotent
 *     51    2 producer_epoch           -1 if not idempotent
 *     53    4 base_sequence            -1 if not idempotent
 *     57    4 record_count
 *     61      records                  one after the other, or all of them as one compressed blob
 *
 * attributes
 *   bits 0-2  compression   0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 *   bit  3    timestamps    0 by the client; 1 by the broker, never sent by a client
 *   bit  4    transactional
 *   bit  5    control batch, never sent by a client
 *   bit  6    base_timestamp is a delete horizon, never sent by a client
 * </pre>
 *
 * <p>The checksum starts behind itself, so that the broker can place a batch in the log without computing it again.
 */
public final class RecordBatchLayout {

    /** The message format, the only one this engine writes and reads. */
    public static final byte MAGIC = 2;

    public static final int BASE_OFFSET_OFFSET = 0;
    public static final int BASE_OFFSET_LENGTH = Long.BYTES;
    public static final int LENGTH_OFFSET = BASE_OFFSET_OFFSET + BASE_OFFSET_LENGTH;
    public static final int LENGTH_LENGTH = Integer.BYTES;
    public static final int PARTITION_LEADER_EPOCH_OFFSET = LENGTH_OFFSET + LENGTH_LENGTH;
    public static final int PARTITION_LEADER_EPOCH_LENGTH = Integer.BYTES;
    public static final int MAGIC_OFFSET = PARTITION_LEADER_EPOCH_OFFSET + PARTITION_LEADER_EPOCH_LENGTH;
    public static final int MAGIC_LENGTH = Byte.BYTES;
    public static final int CRC_OFFSET = MAGIC_OFFSET + MAGIC_LENGTH;
    public static final int CRC_LENGTH = Integer.BYTES;
    public static final int ATTRIBUTES_OFFSET = CRC_OFFSET + CRC_LENGTH;
    public static final int ATTRIBUTES_LENGTH = Short.BYTES;
    public static final int LAST_OFFSET_DELTA_OFFSET = ATTRIBUTES_OFFSET + ATTRIBUTES_LENGTH;
    public static final int LAST_OFFSET_DELTA_LENGTH = Integer.BYTES;
    public static final int BASE_TIMESTAMP_OFFSET = LAST_OFFSET_DELTA_OFFSET + LAST_OFFSET_DELTA_LENGTH;
    public static final int BASE_TIMESTAMP_LENGTH = Long.BYTES;
    public static final int MAX_TIMESTAMP_OFFSET = BASE_TIMESTAMP_OFFSET + BASE_TIMESTAMP_LENGTH;
    public static final int MAX_TIMESTAMP_LENGTH = Long.BYTES;
    public static final int PRODUCER_ID_OFFSET = MAX_TIMESTAMP_OFFSET + MAX_TIMESTAMP_LENGTH;
    public static final int PRODUCER_ID_LENGTH = Long.BYTES;
    public static final int PRODUCER_EPOCH_OFFSET = PRODUCER_ID_OFFSET + PRODUCER_ID_LENGTH;
    public static final int PRODUCER_EPOCH_LENGTH = Short.BYTES;
    public static final int BASE_SEQUENCE_OFFSET = PRODUCER_EPOCH_OFFSET + PRODUCER_EPOCH_LENGTH;
    public static final int BASE_SEQUENCE_LENGTH = Integer.BYTES;
    public static final int RECORD_COUNT_OFFSET = BASE_SEQUENCE_OFFSET + BASE_SEQUENCE_LENGTH;
    public static final int RECORD_COUNT_LENGTH = Integer.BYTES;
    public static final int RECORDS_OFFSET = RECORD_COUNT_OFFSET + RECORD_COUNT_LENGTH;

    /** Size of the header in bytes. */
    public static final int HEADER_BYTES = RECORDS_OFFSET;

    /** What {@code batch_length} does not count: base offset and itself. */
    public static final int LENGTH_OVERHEAD_BYTES = LENGTH_OFFSET + LENGTH_LENGTH;

    /** The checksum covers the batch from here to its end. */
    public static final int CRC_START_OFFSET = ATTRIBUTES_OFFSET;

    public static final int COMPRESSION_MASK = 0x07;
    public static final int LOG_APPEND_TIME_BIT = 1 << 3;
    public static final int TRANSACTIONAL_BIT = 1 << 4;
    public static final int CONTROL_BIT = 1 << 5;
    public static final int DELETE_HORIZON_BIT = 1 << 6;

    private RecordBatchLayout() {}
}
