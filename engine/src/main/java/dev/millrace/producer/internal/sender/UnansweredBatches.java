package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Counts the batches that have been sent and are not back, and tells when there are none. */
@EventLoopOnly
final class UnansweredBatches {

    private final List<CompletableFuture<Void>> awaited = new ArrayList<>();
    private int count;

    void sent(int batches) {
        count += batches;
    }

    /** One is back; {@link #tell} follows when what that means has been done. */
    void returned() {
        count--;
    }

    /** Completes when every batch sent so far is back, at once if none is under way. */
    CompletableFuture<Void> whenNone() {
        CompletableFuture<Void> answers = new CompletableFuture<>();
        if (count == 0) {
            answers.complete(null);
        } else {
            awaited.add(answers);
        }
        return answers;
    }

    /** Tells whoever waits, if all are back. */
    void tell() {
        if (count == 0) {
            List<CompletableFuture<Void>> told = List.copyOf(awaited);
            awaited.clear();
            told.forEach(each -> each.complete(null));
        }
    }
}
