package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;

/** The records of a producer, as its transactions see them. */
public interface RecordFlow {

    /**
     * Sends without lingering; completes when all records accepted so far have ended and none of their batches is in flight:
     * one that came to a broker after the end of its transaction would begin another (KAFKA-14402). Any thread; completes on
     * any.
     */
    CompletableFuture<Void> flush();

    /** Completes, on the event loop if it still runs, when no batch sent so far is in flight. Event loop. */
    CompletableFuture<Void> answered();

    /**
     * Sees to it that every batch sent before gets another stamp before it goes again. Only while none is in flight; event
     * loop.
     *
     * @return false, and nothing has changed, if one of them may be in a log
     */
    boolean stampAnew();

    /**
     * Fails every record that is not in flight, per partition oldest first; what is in flight ends with its answer, or fails
     * when it comes back unanswered ({@code DrainGate.isEnding}). Event loop.
     */
    void failUnsent(ProducerException why);

    /** Partitions that were held back may be let through now, or batches can be stamped now. Event loop. */
    void onAdmitted();
}
