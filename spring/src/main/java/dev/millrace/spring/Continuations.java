package dev.millrace.spring;

import java.util.concurrent.CompletableFuture;

/** Where the listeners of a template are told of outcomes and its futures complete. Any thread. */
interface Continuations {

    /**
     * Runs a completion, now or later, after all those that were handed over before for the same partition. Called by the
     * engine's delivery executor.
     */
    void run(String topic, int partition, Runnable completion);

    /**
     * The calling thread is about to wait for a future that completes here.
     *
     * @return whether somebody has to go on with what this thread was about; for {@link #afterWait}
     * @throws IllegalStateException if it would wait for itself
     */
    boolean beforeWait();

    /** The wait is over. */
    default void afterWait(boolean wasReplaced) {}

    /** Completes when everything handed over so far has run; never fails. */
    CompletableFuture<Void> settled();
}
