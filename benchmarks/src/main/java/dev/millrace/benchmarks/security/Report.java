package dev.millrace.benchmarks.security;

import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.Results;
import dev.millrace.benchmarks.Streams;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What was seen, and whether that is good. */
record Report(
        long sent,
        double seconds,
        long acknowledged,
        long failures,
        long read,
        long connections,
        Streams streams,
        List<SecurityChanges.Change> changes) {

    private static final int EXPECTED_CHANGES = SecurityChanges.ROTATIONS + 1;

    boolean isGood() {
        return failures == 0
                && acknowledged == sent
                && streams.missing(sent) == 0
                && streams.doubled() == 0
                && streams.disordered() == 0
                && changes.size() == EXPECTED_CHANGES
                && changes.stream().allMatch(SecurityChanges.Change::inTime);
    }

    /** A line for each change and the line of results. */
    @SuppressWarnings("SystemOut") // a command-line program
    void print(Options options, String release) throws IOException {
        for (SecurityChanges.Change change : changes) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: no connection from before after %.1f s%s%n",
                    change.what(),
                    change.seconds(),
                    change.inTime() ? "" : ", which is too late");
        }
        String renewals = changes.stream()
                .map(change -> String.format(Locale.ROOT, "%.1f", change.seconds()))
                .collect(Collectors.joining(","));
        Results.add(
                options.text("results"),
                "endurance.jsonl",
                String.format(
                        Locale.ROOT,
                        "{\"run\":\"endure-security\",\"records\":%d,\"nodes\":%d,\"session\":\"%s\",\"seconds\":%.1f,"
                                + "\"recordsPerSecond\":%.0f,\"acknowledged\":%d,\"failedFutures\":%d,\"read\":%d,"
                                + "\"missing\":%d,\"doubled\":%d,\"outOfOrder\":%d,\"connections\":%d,"
                                + "\"renewalSeconds\":[%s],\"good\":%b,\"broker\":\"%s\",\"jdk\":\"%s\",\"cores\":%d}",
                        sent,
                        options.number("nodes"),
                        options.text("session"),
                        seconds,
                        sent / seconds,
                        acknowledged,
                        failures,
                        read,
                        streams.missing(sent),
                        streams.doubled(),
                        streams.disordered(),
                        connections,
                        renewals,
                        isGood(),
                        release,
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors()));
    }
}
