package dev.millrace.producer.internal.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Where user code that hears of outcomes runs, one task at a time and in order. */
public interface Delivery extends Executor {

    /** Whether the calling thread runs a task of this executor, so that waiting for another one would never end. */
    boolean inDelivery();

    /** Completes when everything handed over so far has run. */
    CompletableFuture<Void> barrier();
}
