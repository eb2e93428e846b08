package dev.millrace.benchmarks.run;

import dev.millrace.benchmarks.Options;
import java.util.Map;

/**
 * What every candidate of a run does, as the same options for all.
 *
 * @param bootstrapServers where to
 * @param topic the topic, which exists
 * @param mode how records are sent
 * @param bytes size of each value; ignored for JSON
 * @param keyed whether records have keys, of 8 bytes
 * @param json whether values are JSON texts of about 330 B instead of random bytes
 * @param partitions over how many partitions records are dealt in turn; 0 leaves the choice to the candidate
 * @param threads how many threads send
 * @param producers over how many producers records are dealt in turn
 * @param rate records a second; 0 is as many as go
 * @param warmUpSeconds time before the measurement
 * @param seconds time of the measurement
 * @param compression the codec's name
 * @param lingerMillis linger, or -1 for the candidate's own
 * @param batchBytes batch size, or -1 for the candidate's own
 * @param bufferBytes buffer memory, or -1 for the candidate's own
 * @param concurrency transactions at a time
 * @param recordsPerTransaction their size
 */
public record Workload(
        String bootstrapServers,
        String topic,
        Mode mode,
        int bytes,
        boolean keyed,
        boolean json,
        int partitions,
        int threads,
        int producers,
        int rate,
        int warmUpSeconds,
        int seconds,
        String compression,
        int lingerMillis,
        int batchBytes,
        long bufferBytes,
        int concurrency,
        int recordsPerTransaction) {

    /** How records are sent. */
    public enum Mode {
        /** As many as the candidate takes. */
        FULL,
        /** The next when the last is acknowledged. */
        ONE,
        /** At a rate, whether the candidate keeps up or not; latency counts from when a record was to be sent. */
        OPEN,
        /** One record, as soon as the process has started. */
        FIRST,
        /** In transactions. */
        TRANSACTIONS,
        /** As {@link #FULL}, and memory is looked at, after collections. */
        MEMORY
    }

    private static final String OWN = "-1";

    /** All options and what they are unless said otherwise. */
    public static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("mode", "full"),
            Map.entry("bytes", "100"),
            Map.entry("keyed", "false"),
            Map.entry("json", "false"),
            Map.entry("partitions", "0"),
            Map.entry("threads", "1"),
            Map.entry("producers", "1"),
            Map.entry("rate", "0"),
            Map.entry("warmup", "8"),
            Map.entry("seconds", "8"),
            Map.entry("compression", "none"),
            Map.entry("linger", OWN),
            Map.entry("batch", OWN),
            Map.entry("buffer", OWN),
            Map.entry("concurrency", "1"),
            Map.entry("records", "10"));

    /** From options that have all of {@link #DEFAULTS}. */
    public static Workload from(Options options, String bootstrapServers, String topic) {
        return new Workload(
                bootstrapServers,
                topic,
                Mode.valueOf(options.text("mode").toUpperCase(java.util.Locale.ROOT)),
                options.number("bytes"),
                options.flag("keyed"),
                options.flag("json"),
                options.number("partitions"),
                options.number("threads"),
                options.number("producers"),
                options.number("rate"),
                options.number("warmup"),
                options.number("seconds"),
                options.text("compression"),
                options.number("linger"),
                options.number("batch"),
                Long.parseLong(options.text("buffer")),
                options.number("concurrency"),
                options.number("records"));
    }

    /** Its own transactional id for each of those that run at once. */
    String transactionalId(int number) {
        return "benchmark-" + number;
    }
}
