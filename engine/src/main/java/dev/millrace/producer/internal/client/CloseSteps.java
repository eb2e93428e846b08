package dev.millrace.producer.internal.client;

import java.util.concurrent.CompletableFuture;

/** What a kind of producer has to do when it closes, besides what all of them do. */
interface CloseSteps {

    /** No new work from now on. Any thread, once. */
    default void begun() {
        // nothing to refuse
    }

    /** Before records are delivered that are still there: completes, and never fails, when nothing more follows. Any thread. */
    default CompletableFuture<Void> beforeRecords() {
        return CompletableFuture.completedFuture(null);
    }

    /** Every record has ended. Event loop; not called if that has ended before. */
    default void afterRecords() {
        // nothing is left
    }
}
