package dev.millrace.producer.internal.record;

/**
 * Batches byte for byte as kafka-clients 4.3.1 writes them. Unless said otherwise with two records: key k1, value
 * value-1, headers h1=a and h2=null, and 5 ms later no key, value value-2.
 */
final class GoldenBatches {

    private static final String TWO_RECORDS = "30" // body length 24
            + "00 00 00" // attributes, timestamp delta 0, offset delta 0
            + "04 6b31" // key k1
            + "0e 76616c75652d31" // value value-1
            + "04" // two headers
            + "04 6831 02 61" // h1 = a
            + "04 6832 01" // h2 = null
            + "1a" // body length 13
            + "00 0a 02" // attributes, timestamp delta 5, offset delta 1
            + "01" // no key
            + "0e 76616c75652d32" // value value-2
            + "00"; // no headers

    static final String PLAIN = "0000000000000000" // base offset
            + "00000058" // length 88 = 100 - 12
            + "ffffffff" // partition leader epoch -1
            + "02" // magic
            + "5d6a3f92" // crc
            + "0000" // attributes
            + "00000001" // last offset delta
            + "0000018bcfe56800" // base timestamp
            + "0000018bcfe56805" // max timestamp
            + "ffffffffffffffff" // producer id -1
            + "ffff" // producer epoch -1
            + "ffffffff" // base sequence -1
            + "00000002" // two records
            + TWO_RECORDS;

    /** Producer id 4000, epoch 2, base sequence 17. */
    static final String IDEMPOTENT = "0000000000000000 00000058 ffffffff 02 1c01f40f 0000 00000001 0000018bcfe56800"
            + "0000018bcfe56805 0000000000000fa0 0002 00000011 00000002" + TWO_RECORDS;

    static final String TRANSACTIONAL = "0000000000000000 00000058 ffffffff 02 17a48d9b 0010 00000001 0000018bcfe56800"
            + "0000018bcfe56805 0000000000000fa0 0002 00000011 00000002" + TWO_RECORDS;

    /** A broker's mark of a commit, coordinator epoch 9. */
    static final String COMMIT_MARKER = "0000000000000000 00000042 ffffffff 02 1739e40b 0030 00000000 0000018bcfe56800"
            + "0000018bcfe56800 0000000000000fa0 0002 ffffffff 00000001"
            + "20 00 00 00 08 00000001 0c 000000000009 00";

    /** One record at time 0 without key, its value empty. */
    static final String EMPTY_VALUE = "0000000000000000 00000038 ffffffff 02 27190a04 0000 00000000 0000000000000000"
            + "0000000000000000 ffffffffffffffff ffff ffffffff 00000001 0c 00 00 00 01 00 00";

    /** Key a without value, and 1000 ms earlier an empty key and value b. */
    static final String BACK_IN_TIME = "0000000000000000 00000042 ffffffff 02 d4f41fde 0000 00000001 0000018bcfe56800"
            + "0000018bcfe56800 ffffffffffffffff ffff ffffffff 00000002"
            + "0e 00 00 00 02 61 01 00"
            + "10 00 cf0f 02 00 02 62 00";

    static final String GZIP = "000000000000000000000067ffffffff02e9ac14c10001000000010000018bcfe568000000018bcfe56805"
            + "ffffffffffffffffffffffffffff000000021f8b08000000000000ff3360606060c936e42b4bcc294dd5356461c930644a"
            + "64c930629462e06262840a1b31000097e2436127000000";
    static final String SNAPPY =
            "00000000000000000000006effffffff02d3e554410002000000010000018bcfe568000000018bcfe56805"
                    + "ffffffffffffffffffffffffffff0000000282534e4150505900000000010000000100000029279830000000046b310e76"
                    + "616c75652d31040468310261046832011a000a02010e76616c75652d3200";
    static final String LZ4 = "000000000000000000000067ffffffff026f112c960003000000010000018bcfe568000000018bcfe56805"
            + "ffffffffffffffffffffffffffff0000000204224d186040822700008030000000046b310e76616c75652d310404683102"
            + "61046832011a000a02010e76616c75652d320000000000";
    static final String ZSTD = "000000000000000000000064ffffffff021c7913100004000000010000018bcfe568000000018bcfe56805"
            + "ffffffffffffffffffffffffffff0000000228b52ffd005838010030000000046b310e76616c75652d3104046831026104"
            + "6832011a000a02010e76616c75652d3200010000";

    private GoldenBatches() {}
}
