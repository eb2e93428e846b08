package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Waits for buffer memory without a thread, in line with the threads that wait for it.
 *
 * <p>Completes on the delivery executor. While what the user chained to it runs there, its memory is set aside for it, so
 * that nobody overtakes. What of it is not taken then is free again: a future nobody uses holds nothing.
 */
final class RoomFuture extends CompletableFuture<Void> implements BufferPool.Customer {

    private final BufferPool pool;
    private final Executor delivery;
    private final Supplier<ProducerException> whyClosed;
    private final Runnable atEnd;
    private final AtomicBoolean ended = new AtomicBoolean();

    private final BufferPool.Place place;

    /**
     * Not yet in line.
     *
     * @param chunks what it waits for
     * @param atEnd called once, when it does not wait any more
     */
    RoomFuture(int chunks, BufferPool pool, Executor delivery, Supplier<ProducerException> whyClosed, Runnable atEnd) {
        this.pool = pool;
        this.delivery = delivery;
        this.whyClosed = whyClosed;
        this.atEnd = atEnd;
        this.place = pool.placeFor(chunks, this);
    }

    /** Stands in line, or completes at once if there is room. */
    void lineUp() {
        if (!pool.lineUp(place)) {
            end();
            complete(null);
            return;
        }
        whenComplete((nothing, failure) -> {
            if (failure != null) {
                leave(); // the user gave up
            }
        });
    }

    @Override
    public void onTurn() {
        handOver(() -> {
            pool.useTurn(place, () -> complete(null));
            leave();
        });
    }

    @Override
    public void onClosed() {
        end();
        handOver(() -> completeExceptionally(whyClosed.get()));
    }

    private void handOver(Runnable completion) {
        try {
            delivery.execute(completion);
        } catch (RejectedExecutionException closed) {
            completeExceptionally(whyClosed.get()); // nothing is delivered any more; rather here than never
        }
    }

    private void leave() {
        pool.leave(place);
        end();
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            atEnd.run();
        }
    }
}
