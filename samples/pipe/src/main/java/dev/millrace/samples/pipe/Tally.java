package dev.millrace.samples.pipe;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of the lines. Safe for use by any number of threads. */
final class Tally {
    /** Kinds of failures that are told apart; what comes after them is only counted. */
    static final int MAX_KINDS = 5;

    private final AtomicLong read = new AtomicLong();
    private final AtomicLong readBytes = new AtomicLong();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean hopeless;

    /** By kind, guarded by itself. */
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    /** A line was read. */
    void read(Line line) {
        read.incrementAndGet();
        readBytes.addAndGet(line.sizeBytes());
    }

    /** The line's record is delivered, or has failed. */
    void completed(long lineNumber, @Nullable ProducerException failure) {
        if (failure == null) {
            acknowledged.increment();
            return;
        }
        if (failure.recovery() != Recovery.CHANGE_RECORD) {
            hopeless = true;
        }
        String kind = failure.getClass().getName() + " " + failure.errorCode() + " " + failure.stage();
        failed(lineNumber, kind, String.valueOf(failure.getMessage()));
    }

    /** The line was longer than anything a broker would take. */
    void tooLong(Line line, int limitBytes) {
        failed(
                line.number(),
                "too long",
                "line too long: size=" + line.sizeBytes() + " B limit=" + limitBytes
                        + " B; raise it with -X max.request.size=<bytes>, and the topic's max.message.bytes");
    }

    /** Whether the last failure will meet all other lines, too: it was not about its own record. */
    boolean isHopeless() {
        return hopeless;
    }

    long read() {
        return read.get();
    }

    long readBytes() {
        return readBytes.get();
    }

    long acknowledged() {
        return acknowledged.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** Lines that were read and have no result yet. */
    long pending() {
        return Math.max(0, read() - acknowledged() - failed());
    }

    /** One text for each kind of failure, in the order they came up. */
    List<String> failures() {
        synchronized (failures) {
            List<String> texts = new ArrayList<>();
            long told = 0;
            for (Failures kind : failures.values()) {
                texts.add(kind.toString());
                told += kind.count;
            }
            long others = failed() - told;
            if (others > 0) {
                texts.add(others + " × other failures");
            }
            return texts;
        }
    }

    private void failed(long lineNumber, String kind, String message) {
        synchronized (failures) {
            failed.increment();
            Failures same = failures.get(kind);
            if (same != null) {
                same.count++;
            } else if (failures.size() < MAX_KINDS) {
                failures.put(kind, new Failures(lineNumber, message));
            }
        }
    }

    private static final class Failures {
        private final long firstLine;
        private final String firstMessage;
        private long count = 1;

        Failures(long firstLine, String firstMessage) {
            this.firstLine = firstLine;
            this.firstMessage = firstMessage;
        }

        @Override
        public String toString() {
            return count + " × (first: line " + firstLine + ") " + firstMessage;
        }
    }
}
