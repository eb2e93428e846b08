package dev.millrace.producer.internal.partitioning;

/**
 * The 32-bit MurmurHash2 that all Kafka clients hash keys with, so that a key has the same partition everywhere: seed
 * {@code 0x9747b28c}, words of four bytes in little-endian order (kafka-clients 4.3, Utils.murmur2).
 */
public final class Murmur2 {

    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;
    private static final int WORD_BYTES = 4;

    private Murmur2() {}

    /** The hash of {@code length} bytes from {@code offset} on. */
    public static int hash(byte[] bytes, int offset, int length) {
        int hash = SEED ^ length;
        int tail = offset + (length & -WORD_BYTES);
        for (int at = offset; at < tail; at += WORD_BYTES) {
            int word = littleEndian(bytes, at) * MULTIPLIER;
            word ^= word >>> SHIFT;
            hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
        }
        int rest = offset + length - tail;
        if (rest > 0) {
            hash = (hash ^ unsignedTail(bytes, tail, rest)) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }

    /**
     * The partition of a key. The sign bit is cut off, which is not the same as the absolute value.
     *
     * @param partitionCount all partitions of the topic, with and without leader
     */
    public static int partitionFor(byte[] key, int offset, int length, int partitionCount) {
        return (hash(key, offset, length) & Integer.MAX_VALUE) % partitionCount;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | ((bytes[at + 1] & 0xff) << 8)
                | ((bytes[at + 2] & 0xff) << 16)
                | ((bytes[at + 3] & 0xff) << 24);
    }

    /** One to three bytes as a number, little-endian. */
    private static int unsignedTail(byte[] bytes, int at, int count) {
        int tail = 0;
        for (int i = count - 1; i >= 0; i--) {
            tail = (tail << 8) | (bytes[at + i] & 0xff);
        }
        return tail;
    }
}
