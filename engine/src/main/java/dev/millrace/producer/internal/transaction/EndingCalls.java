package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of one transaction, and who waits to be told. The first outcome that is known stays. */
@EventLoopOnly
final class EndingCalls {

    private static final Logger LOG = LoggerFactory.getLogger(EndingCalls.class);

    private final String logPrefix;
    private final Supplier<CompletableFuture<TransactionOutcome>> resolution;
    private final Consumer<TransactionOutcome> onConcluded;
    private final List<PendingCall<TransactionOutcome>> waiting = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable TransactionOutcome outcome; // null until it is known
    private boolean unknownTold;
    private boolean ended;

    /**
     * Of one transaction.
     *
     * @param resolution joins what is under way
     * @param onConcluded hears once what became of it
     */
    EndingCalls(
            String logPrefix,
            Supplier<CompletableFuture<TransactionOutcome>> resolution,
            Consumer<TransactionOutcome> onConcluded) {
        this.logPrefix = logPrefix;
        this.resolution = resolution;
        this.onConcluded = onConcluded;
    }

    void join(PendingCall<TransactionOutcome> call) {
        if (!ended || !tellKnown(call)) {
            waiting.add(call);
        }
    }

    /** Runs the task once the end is through, at once if it is. */
    void whenEnded(Runnable task) {
        if (ended) {
            task.run();
        } else {
            listeners.add(task);
        }
    }

    @Nullable TransactionOutcome outcome() {
        return outcome;
    }

    /** Whether somebody was told that nothing is known, and nothing is known still. */
    boolean isUnknown() {
        return unknownTold && (outcome == null || outcome instanceof TransactionOutcome.Unknown);
    }

    /** Whether somebody was told that nothing is known, and may ask again. */
    boolean wasUnknown() {
        return unknownTold;
    }

    /** Tells the outcome if it is known. */
    boolean tellKnown(PendingCall<TransactionOutcome> call) {
        TransactionOutcome known = outcome;
        if (known != null) {
            call.complete(known);
        }
        return known != null;
    }

    void tellUnknown(PendingCall<TransactionOutcome> call, ProducerException why) {
        if (!unknownTold) {
            LOG.warn("{} {}", logPrefix, why.getMessage());
        }
        call.complete(unknown(why));
    }

    /** An outcome that can be asked for again. */
    TransactionOutcome unknown(ProducerException why) {
        unknownTold = true;
        return new UnknownOutcome(why, resolution);
    }

    /** This is what became of it. Those who wait are told at the {@link #end}, or when their patience is at its own. */
    void conclude(TransactionOutcome known) {
        if (outcome != null) {
            return;
        }
        if (unknownTold && !(known instanceof TransactionOutcome.Unknown)) {
            LOG.info("{} the transaction of unknown outcome: {}", logPrefix, known);
        }
        outcome = known;
        onConcluded.accept(known);
    }

    /** Everything is through. */
    void end() {
        ended = true;
        List<PendingCall<TransactionOutcome>> calls = List.copyOf(waiting);
        waiting.clear();
        calls.forEach(this::tellKnown);
        List<Runnable> tasks = List.copyOf(listeners);
        listeners.clear();
        tasks.forEach(Runnable::run);
    }
}
