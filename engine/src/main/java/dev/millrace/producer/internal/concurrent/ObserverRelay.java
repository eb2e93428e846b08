package dev.millrace.producer.internal.concurrent;

import dev.millrace.producer.observe.ProducerObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to the user's observer and to the one that counts for telemetry, on the delivery executor. Whoever makes an
 * event asks {@link #isActive} first, so that a producer without either makes none.
 */
public final class ObserverRelay {

    private static final Logger LOG = LoggerFactory.getLogger(ObserverRelay.class);

    /** For those who have no observer. */
    public static final ObserverRelay NONE = new ObserverRelay(Runnable::run, null);

    private final Executor delivery;
    private final @Nullable ProducerObserver observer; // null for a producer without one
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable ProducerObserver counting; // null while no metrics are wanted
    private volatile boolean ended;

    /** To the given observer, or to nobody. */
    public ObserverRelay(Executor delivery, @Nullable ProducerObserver observer) {
        this.delivery = delivery;
        this.observer = observer;
    }

    /** Whether somebody listens. Any thread. */
    public boolean isActive() {
        return (observer != null || counting != null) && !ended;
    }

    /** From now on events also go to this one, which counts them; null for none. Any thread. */
    public void countWith(@Nullable ProducerObserver counter) {
        counting = counter;
    }

    /** Tells an event, behind everything handed to the delivery executor so far. Any thread. */
    public void tell(Consumer<ProducerObserver> event) {
        if (!isActive()) {
            return;
        }
        try {
            delivery.execute(() -> tellNow(event));
        } catch (RejectedExecutionException closed) {
            LOG.debug("event after the end of the producer", closed);
        }
    }

    /** As {@link #tell}, and nothing is told after it. */
    public void tellLast(Consumer<ProducerObserver> event) {
        if (isActive()) {
            delivery.execute(() -> {
                tellNow(event);
                ended = true;
            });
        }
    }

    /** Tells an event at once. Delivery executor. */
    public void tellNow(Consumer<ProducerObserver> event) {
        if (ended) {
            return;
        }
        tell(observer, event);
        tell(counting, event);
    }

    private void tell(@Nullable ProducerObserver to, Consumer<ProducerObserver> event) {
        if (to == null) {
            return;
        }
        try {
            event.accept(to);
        } catch (Throwable e) { // user code must not stop the deliveries behind it
            long count = failures.incrementAndGet();
            if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, 8th …: a broken observer must not flood the log
                LOG.error(
                        "observer failed: observer={} failures={}",
                        to.getClass().getName(),
                        count,
                        e);
            }
        }
    }
}
