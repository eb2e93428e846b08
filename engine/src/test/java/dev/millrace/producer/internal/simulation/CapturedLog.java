package dev.millrace.producer.internal.simulation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the engine logs at info level and above while this is open, as {@code LEVEL message}. Outside of it nothing is
 * logged in the engine's tests.
 *
 * <pre>
 * try (CapturedLog log = CapturedLog.open()) {
 *     ...
 *     assertThat(log.lines()).containsExactly("WARN [producer=test] cannot connect: ...");
 * }
 * </pre>
 */
public final class CapturedLog implements AutoCloseable {

    private static final List<CapturedLog> OPEN = new CopyOnWriteArrayList<>();

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final boolean withDebug;

    private CapturedLog(boolean withDebug) {
        this.withDebug = withDebug;
    }

    /** Starts to listen. */
    public static CapturedLog open() {
        CapturedLog log = new CapturedLog(false);
        OPEN.add(log);
        return log;
    }

    /** Starts to listen, also to what is logged at debug level. */
    public static CapturedLog openForDebug() {
        CapturedLog log = new CapturedLog(true);
        OPEN.add(log);
        return log;
    }

    static boolean isAnyOpenForDebug() {
        return OPEN.stream().anyMatch(log -> log.withDebug);
    }

    static boolean isAnyOpen() {
        return !OPEN.isEmpty();
    }

    static void add(String line) {
        OPEN.forEach(log -> log.lines.add(line));
    }

    /** The lines so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        OPEN.remove(this);
    }
}
