package dev.millrace.benchmarks;

/**
 * What every candidate does in a run.
 *
 * @param bootstrapServers where to
 * @param topic the topic, which exists
 * @param records how many records are measured
 * @param valueBytes size of each value
 * @param keyed whether records have 8-byte keys
 */
record Workload(String bootstrapServers, String topic, int records, int valueBytes, boolean keyed) {

    /** Records sent before the clock starts, for the compiler and the connections. */
    int warmUpRecords() {
        return records / 2;
    }
}
