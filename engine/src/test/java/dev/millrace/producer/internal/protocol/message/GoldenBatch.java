package dev.millrace.producer.internal.protocol.message;

/** The 100-byte batches inside the golden Produce requests. Origin: kafka-clients 4.3.1. */
final class GoldenBatch {

    private static final String RECORDS =
            "30 000000 04 6b31 0e 76616c75652d31 04 04 6831 02 61 04 6832 01" + "1a 000a02 01 0e 76616c75652d32 00";

    /** Producer id 4000, epoch 2, base sequence 17. */
    static final String IDEMPOTENT = "0000000000000000 00000058 ffffffff 02 1c01f40f 0000 00000001"
            + "0000018bcfe56800 0000018bcfe56805 0000000000000fa0 0002 00000011 00000002" + RECORDS;

    /** The same with the transactional bit. */
    static final String TRANSACTIONAL = "0000000000000000 00000058 ffffffff 02 17a48d9b 0010 00000001"
            + "0000018bcfe56800 0000018bcfe56805 0000000000000fa0 0002 00000011 00000002" + RECORDS;

    private GoldenBatch() {}
}
