package dev.millrace.benchmarks.transactions;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which record of which transaction this is.
 *
 * @param worker whose transaction, from 0
 * @param number which of his transactions, from 0
 * @param index which record of it, from 0
 */
record SentRecord(int worker, int number, int index) {

    /** The records of a transaction are dealt to these in turn. */
    static final List<String> TOPICS = List.of("orders", "payments", "parcels");

    /** At most as many as bits of an int, which remember what was seen. */
    static final int PER_TRANSACTION = 10;

    static SentRecord of(byte[] value) {
        ByteBuffer fields = ByteBuffer.wrap(value);
        return new SentRecord(fields.getInt(), fields.getInt(), fields.getInt());
    }

    String topic() {
        return TOPICS.get(index % TOPICS.size());
    }

    byte[] value() {
        return ByteBuffer.allocate(3 * Integer.BYTES)
                .putInt(worker)
                .putInt(number)
                .putInt(index)
                .array();
    }
}
