package dev.millrace.producer;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Producer#sendAll} goes about its work.
 *
 * @param maxInFlight the most records accepted and not yet ended at a time, at least 1
 * @param onFailure what a record that fails means for those after it
 * @param executor where an {@code Iterable} is iterated and its records are serialized; null for the delivery executor,
 *     which is right for a source that never blocks. Not used for a {@code Flow.Publisher}, whose signals come on threads of
 *     its own
 */
public record SendAllOptions(int maxInFlight, OnFailure onFailure, @Nullable Executor executor) {

    private static final SendAllOptions DEFAULTS = new SendAllOptions(4096, OnFailure.CONTINUE, null);

    /** What a record that fails means for those after it. */
    public enum OnFailure {
        /** Nothing: they are sent all the same. */
        CONTINUE,
        /** No more records are taken from the source; those already accepted end as they do. */
        STOP
    }

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if not even one record may be in flight
     */
    public SendAllOptions {
        Objects.requireNonNull(onFailure, "onFailure must not be null");
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1: " + maxInFlight);
        }
    }

    /** 4096 records in flight, going on after failures, on the delivery executor. */
    public static SendAllOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another bound. */
    public SendAllOptions withMaxInFlight(int records) {
        return new SendAllOptions(records, onFailure, executor);
    }

    /** The same with another policy. */
    public SendAllOptions withOnFailure(OnFailure policy) {
        return new SendAllOptions(maxInFlight, policy, executor);
    }

    /** The same, with the source iterated elsewhere. */
    public SendAllOptions withExecutor(Executor iterating) {
        return new SendAllOptions(
                maxInFlight, onFailure, Objects.requireNonNull(iterating, "executor must not be null"));
    }
}
