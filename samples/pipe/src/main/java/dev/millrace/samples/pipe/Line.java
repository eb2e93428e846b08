package dev.millrace.samples.pipe;

/** One line of the input, without its newline. */
final class Line {
    private final long number;
    private final byte[] bytes;
    private final long sizeBytes;

    /**
     * A line.
     *
     * @param number counted from 1
     * @param bytes what was kept of it
     * @param sizeBytes how long it is in the input
     */
    Line(long number, byte[] bytes, long sizeBytes) {
        this.number = number;
        this.bytes = bytes;
        this.sizeBytes = sizeBytes;
    }

    long number() {
        return number;
    }

    /** The bytes as they were read, not a copy. */
    byte[] bytes() {
        return bytes;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether it was longer than the reader keeps. */
    boolean isCut() {
        return sizeBytes > bytes.length;
    }
}
