package dev.millrace.benchmarks.sink;

import java.nio.ByteBuffer;

/** What the sink does with a batch besides counting it. */
interface BatchCheck {

    /** Looks at nothing. */
    BatchCheck NONE = (partition, bytes) -> "";

    /**
     * Judges a batch.
     *
     * @param bytes from position to limit; borrowed, positions may move
     * @return what is wrong, empty if nothing is
     */
    String judge(int partition, ByteBuffer bytes);
}
