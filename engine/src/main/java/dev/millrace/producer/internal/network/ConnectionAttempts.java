package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.time.Backoff;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to make one connection: how many failed in a row and why, how long the next one may take, and how long to
 * pause before it. After a refusal the pauses are longer, as people have to change something.
 */
@EventLoopOnly
final class ConnectionAttempts {

    private static final long REFUSAL_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1); // growing to
    private static final long REFUSAL_PAUSE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Backoff lossPauses;
    private final Backoff refusalPauses;
    private final Backoff setupTimeouts;

    private int begun;
    private long lastBegunNanos;
    private int failures; // in a row, since the connection was last ready
    private @Nullable Throwable lastFailure;

    /**
     * None yet.
     *
     * @param nowNanos counts as the beginning of the last one until there is one
     */
    ConnectionAttempts(ConnectionSettings settings, RandomGenerator random, long nowNanos) {
        lossPauses = new Backoff(settings.reconnectBackoffNanos(), settings.reconnectBackoffMaxNanos(), random);
        refusalPauses = new Backoff(
                Math.max(REFUSAL_PAUSE_NANOS, settings.reconnectBackoffNanos()),
                Math.max(REFUSAL_PAUSE_MAX_NANOS, settings.reconnectBackoffMaxNanos()),
                random);
        setupTimeouts = new Backoff(settings.setupTimeoutNanos(), settings.setupTimeoutMaxNanos(), random);
        lastBegunNanos = nowNanos;
    }

    /** Another one begins; gives the moment at which it has to have come to an end. */
    long begin(long nowNanos) {
        begun++;
        lastBegunNanos = nowNanos;
        return nowNanos + setupTimeouts.nextNanos(failures + 1);
    }

    /** It failed, or what came of it is lost; gives how long to pause. */
    long failed(Throwable cause) {
        failures++;
        lastFailure = cause;
        return (isRefused() ? refusalPauses : lossPauses).nextNanos(failures);
    }

    /** It led to a connection that can be used. */
    void succeeded() {
        failures = 0;
        lastFailure = null;
    }

    int begun() {
        return begun;
    }

    long lastBegunNanos() {
        return lastBegunNanos;
    }

    int failures() {
        return failures;
    }

    /** Null if the last one did not fail. */
    @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** Whether the last one failed because one side does not accept the other. */
    boolean isRefused() {
        return lastFailure instanceof AuthenticationException;
    }
}
