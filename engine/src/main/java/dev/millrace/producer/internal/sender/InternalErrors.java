package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.time.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an error that nobody expects, one of ours or of the JVM, to what was being done when it happened. What was
 * touched gets its remedy, everything else goes on: the loop belongs to other partitions and other producers as well.
 *
 * <p>The log has the first error with its stack, and then at most one in {@value #LOG_PAUSE_SECONDS} s with the number of
 * those in between.
 */
@EventLoopOnly
final class InternalErrors {

    static final int LOG_PAUSE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(InternalErrors.class);

    private final String logPrefix;
    private final Ticker ticker;
    private final SenderEvents events;
    private boolean logged;
    private long loggedNanos;
    private long unlogged;

    InternalErrors(String logPrefix, Ticker ticker, SenderEvents events) {
        this.logPrefix = logPrefix;
        this.ticker = ticker;
        this.events = events;
    }

    /**
     * Does a step that must not take anything else down with it.
     *
     * @param what what the step is about, for the log
     * @param remedy ends what the step left half done; gets what was thrown
     */
    void contain(Object what, Runnable step, Consumer<Throwable> remedy) {
        try {
            step.run();
        } catch (Throwable thrown) {
            report(what, thrown);
            try {
                remedy.accept(thrown);
            } catch (Throwable again) { // memory that has run out runs out again here
                again.addSuppressed(thrown);
                report(what, again);
            }
        }
    }

    private void report(Object what, Throwable thrown) {
        events.engineError(what, thrown);
        long now = ticker.nanos();
        if (logged && now - loggedNanos < TimeUnit.SECONDS.toNanos(LOG_PAUSE_SECONDS)) {
            unlogged++;
            return;
        }
        LOG.error(
                "{} internal error, please report it: at={} errors since the last report={}; the records concerned fail,"
                        + " the producer goes on",
                logPrefix,
                what,
                unlogged,
                thrown);
        logged = true;
        loggedNanos = now;
        unlogged = 0;
    }
}
