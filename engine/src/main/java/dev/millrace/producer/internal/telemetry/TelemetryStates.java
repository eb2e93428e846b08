package dev.millrace.producer.internal.telemetry;

import static dev.millrace.producer.internal.telemetry.TelemetryEvent.ACCEPTED;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.CLOSED;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.CLOSING;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.DUE;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.NOTHING_SUBSCRIBED;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.NOT_NOW;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.OUTDATED;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.REFUSED;
import static dev.millrace.producer.internal.telemetry.TelemetryEvent.SUBSCRIBED;
import static dev.millrace.producer.internal.telemetry.TelemetryState.PUSH_IN_PROGRESS;
import static dev.millrace.producer.internal.telemetry.TelemetryState.PUSH_NEEDED;
import static dev.millrace.producer.internal.telemetry.TelemetryState.SUBSCRIPTION_IN_PROGRESS;
import static dev.millrace.producer.internal.telemetry.TelemetryState.SUBSCRIPTION_NEEDED;
import static dev.millrace.producer.internal.telemetry.TelemetryState.TERMINATED;
import static dev.millrace.producer.internal.telemetry.TelemetryState.TERMINATING_PUSH_IN_PROGRESS;
import static dev.millrace.producer.internal.telemetry.TelemetryState.TERMINATING_PUSH_NEEDED;

import java.util.EnumMap;
import java.util.Map;

/**
 * The state of a producer's telemetry, and the table by which events change it (KIP-714). Confined to the event loop.
 *
 * <p>In every state the end of the producer ends the telemetry, and after the end nothing matters any more; the table has
 * the rest. What it does not have cannot happen.
 */
final class TelemetryStates {

    private static final Map<TelemetryState, Map<TelemetryEvent, Step>> TABLE = new EnumMap<>(TelemetryState.class);

    static {
        row(SUBSCRIPTION_NEEDED, DUE, SUBSCRIPTION_IN_PROGRESS, Action.ASK);
        row(SUBSCRIPTION_NEEDED, CLOSING, TERMINATED, Action.END);

        row(SUBSCRIPTION_IN_PROGRESS, SUBSCRIBED, PUSH_NEEDED, Action.WAIT_FIRST_INTERVAL);
        row(SUBSCRIPTION_IN_PROGRESS, NOTHING_SUBSCRIBED, SUBSCRIPTION_NEEDED, Action.WAIT_INTERVAL);
        row(SUBSCRIPTION_IN_PROGRESS, NOT_NOW, SUBSCRIPTION_NEEDED, Action.WAIT_INTERVAL);
        // at once would be for ever: the answer to the same question
        row(SUBSCRIPTION_IN_PROGRESS, OUTDATED, SUBSCRIPTION_NEEDED, Action.WAIT_INTERVAL);
        row(SUBSCRIPTION_IN_PROGRESS, REFUSED, TERMINATED, Action.END);
        row(SUBSCRIPTION_IN_PROGRESS, CLOSING, TERMINATED, Action.END);

        row(PUSH_NEEDED, DUE, PUSH_IN_PROGRESS, Action.PUSH);
        row(PUSH_NEEDED, CLOSING, TERMINATING_PUSH_IN_PROGRESS, Action.PUSH_LAST);

        row(PUSH_IN_PROGRESS, ACCEPTED, PUSH_NEEDED, Action.WAIT_INTERVAL);
        row(PUSH_IN_PROGRESS, NOT_NOW, PUSH_NEEDED, Action.WAIT_INTERVAL);
        row(PUSH_IN_PROGRESS, OUTDATED, SUBSCRIPTION_IN_PROGRESS, Action.ASK);
        row(PUSH_IN_PROGRESS, REFUSED, TERMINATED, Action.END);
        row(PUSH_IN_PROGRESS, CLOSING, TERMINATING_PUSH_NEEDED, Action.NOTHING);

        row(TERMINATING_PUSH_NEEDED, ACCEPTED, TERMINATING_PUSH_IN_PROGRESS, Action.PUSH_LAST);
        row(TERMINATING_PUSH_NEEDED, NOT_NOW, TERMINATING_PUSH_IN_PROGRESS, Action.PUSH_LAST);
        row(TERMINATING_PUSH_NEEDED, OUTDATED, TERMINATED, Action.END);
        row(TERMINATING_PUSH_NEEDED, REFUSED, TERMINATED, Action.END);

        row(TERMINATING_PUSH_IN_PROGRESS, ACCEPTED, TERMINATED, Action.END);
        row(TERMINATING_PUSH_IN_PROGRESS, NOT_NOW, TERMINATED, Action.END);
        row(TERMINATING_PUSH_IN_PROGRESS, OUTDATED, TERMINATED, Action.END);
        row(TERMINATING_PUSH_IN_PROGRESS, REFUSED, TERMINATED, Action.END);
    }

    private TelemetryState current = SUBSCRIPTION_NEEDED;

    /** What is to be done when the state has changed. */
    enum Action {
        /** Ask for the subscription. */
        ASK,
        /** Push what has been counted. */
        PUSH,
        /** As {@link #PUSH}, and say that nothing follows. */
        PUSH_LAST,
        /** Wait for half to one and a half intervals, so that clients that start together do not push together. */
        WAIT_FIRST_INTERVAL,
        /** Wait for an interval. */
        WAIT_INTERVAL,
        /** Give everything back. */
        END,
        /** Wait for the answer that is under way. */
        NOTHING
    }

    private record Step(TelemetryState next, Action action) {}

    private static void row(TelemetryState state, TelemetryEvent event, TelemetryState next, Action action) {
        TABLE.computeIfAbsent(state, each -> new EnumMap<>(TelemetryEvent.class))
                .put(event, new Step(next, action));
    }

    /** The state. */
    TelemetryState current() {
        return current;
    }

    /**
     * Changes the state; the only way to.
     *
     * @return what is to be done now
     * @throws IllegalStateException if this cannot happen in this state
     */
    Action on(TelemetryEvent event) {
        if (current == TERMINATED) {
            return Action.NOTHING; // answers that are late
        }
        if (event == CLOSED) {
            current = TERMINATED;
            return Action.END;
        }
        Step step = TABLE.getOrDefault(current, Map.of()).get(event);
        if (step == null) {
            throw new IllegalStateException("telemetry cannot be " + event + " in " + current);
        }
        current = step.next();
        return step.action();
    }
}
