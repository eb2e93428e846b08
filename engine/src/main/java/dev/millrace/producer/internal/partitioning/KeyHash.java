package dev.millrace.producer.internal.partitioning;

import java.util.zip.CRC32;

/** How the bytes of a key make a partition; each is what some family of clients does. Pure. */
public enum KeyHash {
    /** The Java clients' way, see {@link Murmur2}; an empty key counts. */
    MURMUR2(0) {
        @Override
        public int partitionFor(byte[] key, int offset, int length, int partitionCount) {
            return Murmur2.partitionFor(key, offset, length, partitionCount);
        }
    },

    /** librdkafka's way: CRC-32 (ISO 3309) as an unsigned number; an empty key is no key. */
    CRC32(1) {
        @Override
        public int partitionFor(byte[] key, int offset, int length, int partitionCount) {
            CRC32 crc = new CRC32();
            crc.update(key, offset, length);
            return (int) (crc.getValue() % partitionCount);
        }
    },

    /** sarama's way: 32-bit FNV-1a as a signed number, and the remainder without its sign; an empty key counts. */
    FNV1A(0) {
        @Override
        public int partitionFor(byte[] key, int offset, int length, int partitionCount) {
            int hash = FNV_OFFSET_BASIS;
            for (int at = offset; at < offset + length; at++) {
                hash = (hash ^ (key[at] & 0xff)) * FNV_PRIME;
            }
            return Math.abs(hash % partitionCount); // the remainder, not the hash: that may have no positive twin
        }
    };

    private static final int FNV_OFFSET_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final int leastBytes;

    KeyHash(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    /** Whether a key of so many bytes decides where its record goes; -1 is no key. */
    public boolean counts(int keyLength) {
        return keyLength >= leastBytes;
    }

    /**
     * The partition of a key that {@link #counts}.
     *
     * @param partitionCount all partitions of the topic, with and without leader
     */
    public abstract int partitionFor(byte[] key, int offset, int length, int partitionCount);
}
