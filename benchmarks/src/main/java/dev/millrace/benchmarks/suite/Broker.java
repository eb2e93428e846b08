package dev.millrace.benchmarks.suite;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What candidates send to. */
interface Broker extends AutoCloseable {

    /** Where it listens. */
    String bootstrapServers();

    /** Processor time its processes have used so far. */
    Duration cpu();

    /** What it has counted since the last report; empty if it does not count. */
    Map<String, Double> report() throws IOException;

    @Override
    void close();
}
