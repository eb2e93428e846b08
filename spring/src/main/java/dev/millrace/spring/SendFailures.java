package dev.millrace.spring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first records of a transaction that failed. Told on the delivery executor and the thread of the transaction. */
final class SendFailures {

    /** Enough to see a pattern; more would only fill the log. */
    private static final int MAX_KEPT = 10;

    private final List<SendFailedException> kept = new ArrayList<>();

    synchronized void add(SendFailedException failure) {
        if (kept.size() < MAX_KEPT) {
            kept.add(failure);
        }
    }

    synchronized @Nullable SendFailedException first() {
        return kept.isEmpty() ? null : kept.get(0);
    }

    /** Adds to the exception all that its cause does not tell of already: what failed only because of that is no news. */
    synchronized void suppressIn(Exception exception) {
        kept.stream()
                .filter(failure -> !isCausedBy(failure, exception.getCause()))
                .forEach(exception::addSuppressed);
    }

    private static boolean isCausedBy(Throwable failure, @Nullable Throwable cause) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next == cause) {
                return true;
            }
        }
        return false;
    }
}
