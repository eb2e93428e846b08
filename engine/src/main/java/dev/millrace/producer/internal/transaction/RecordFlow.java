package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;

/** The records of a producer, as its transactions see them. */
public interface RecordFlow {

    /** Sends without lingering; completes when all records accepted so far have ended. Any thread. */
    CompletableFuture<Void> flush();

    /**
     * Fails every record that is not in flight, per partition oldest first; what is in flight ends with its answer, or fails
     * when it comes back unanswered ({@code DrainGate.isEnding}). Event loop.
     */
    void failUnsent(ProducerException why);

    /** Partitions that were held back may be let through now, or batches can be stamped now. Event loop. */
    void onAdmitted();
}
