package dev.millrace.spring;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * When a transaction has run for too long: a limit that was asked for counts from its start, the coordinator's from the
 * time its producer began it. For one thread.
 */
final class TransactionDeadline {

    private final LongSupplier nanoTime;
    private final Function<String, ? extends RuntimeException> exception;
    private String limitName;
    private Duration limit;
    private long startNanos;
    private boolean isRunning;

    /**
     * Without a limit that was asked for.
     *
     * @param exception makes what is thrown after the deadline
     */
    TransactionDeadline(LongSupplier nanoTime, Function<String, ? extends RuntimeException> exception) {
        this.nanoTime = nanoTime;
        this.exception = exception;
        this.limitName = "";
        this.limit = Duration.ZERO;
    }

    /** Starts the clock with a limit that was asked for. */
    void start(String name, Duration askedFor) {
        limitName = name;
        limit = askedFor;
        startNanos = nanoTime.getAsLong();
        isRunning = true;
    }

    /** Starts the clock with the coordinator's limit, unless it runs. */
    void startUnlessRunning(String name, Duration coordinators) {
        if (!isRunning) {
            start(name, coordinators);
        }
    }

    /** What is left, not below 0; a long time if the clock has not been started. */
    long remainingNanos() {
        return isRunning ? Math.max(0, limit.toNanos() - (nanoTime.getAsLong() - startNanos)) : Long.MAX_VALUE;
    }

    boolean hasPassed() {
        return remainingNanos() == 0;
    }

    RuntimeException passed(String producerName) {
        return exception.apply("Transaction of producer '" + producerName + "' has run for longer than its " + limitName
                + " of " + limit.toMillis() + " ms; do less in it or allow it more time");
    }
}
