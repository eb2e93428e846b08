package dev.millrace.benchmarks;

import java.util.BitSet;

/**
 * What an endurance run must find in the log: streams of numbered records, counted from 0. A stream with a key is one
 * key's records, in the order of their sends; a stream without is spread over partitions and has no order of its own.
 * Memory is a bit for each record.
 */
public final class Streams {

    /** Streams with a key; those above have none. */
    public static final int KEYED = 64;
    /** All streams. */
    public static final int ALL = KEYED + 8;

    private final BitSet[] seen = new BitSet[ALL];
    private final int[] last = new int[ALL];
    private long doubled;
    private long disordered;

    public Streams() {
        for (int stream = 0; stream < ALL; stream++) {
            seen[stream] = new BitSet();
            last[stream] = -1;
        }
    }

    /** Takes the next record of the log of some partition. */
    public void read(int stream, int number) {
        if (seen[stream].get(number)) {
            doubled++;
            return;
        }
        seen[stream].set(number);
        if (stream < KEYED && number < last[stream]) {
            disordered++;
        }
        last[stream] = Math.max(last[stream], number);
    }

    /** Records among the first so many of a run that were not read. */
    public long missing(long records) {
        long missing = 0;
        for (int stream = 0; stream < ALL; stream++) {
            missing += lengthOf(stream, records) - seen[stream].cardinality();
        }
        return missing;
    }

    public long doubled() {
        return doubled;
    }

    public long disordered() {
        return disordered;
    }

    /** How many of so many records, dealt in turn, are of a stream. */
    private static long lengthOf(int stream, long records) {
        return records / ALL + (stream < records % ALL ? 1 : 0);
    }
}
