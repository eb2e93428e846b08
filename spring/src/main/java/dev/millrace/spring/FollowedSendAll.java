package dev.millrace.spring;

import dev.millrace.producer.SendAllResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The result of a {@code sendAll} when listeners have been told of its records, too. Cancelling it ends the reading. */
final class FollowedSendAll extends SendFuture.Following<SendAllResult> {

    private final CompletableFuture<SendAllResult> reading;

    private FollowedSendAll(CompletableFuture<SendAllResult> reading, Continuations continuations) {
        super(continuations);
        this.reading = reading;
    }

    /** The same future where listeners run before the engine counts. */
    static CompletableFuture<SendAllResult> of(CompletableFuture<SendAllResult> reading, Continuations continuations) {
        if (continuations instanceof DirectContinuations) {
            return reading;
        }
        FollowedSendAll result = new FollowedSendAll(reading, continuations);
        CompletableFuture<SendAllResult> unused = reading.thenCompose(
                        counts -> continuations.settled().thenApply(settled -> counts))
                .whenComplete(result::end);
        return result;
    }

    private void end(@Nullable SendAllResult counts, @Nullable Throwable failure) {
        if (counts != null) {
            complete(counts);
        } else if (failure != null) {
            completeExceptionally(failure);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        reading.cancel(mayInterruptIfRunning);
        return isCancelled;
    }
}
