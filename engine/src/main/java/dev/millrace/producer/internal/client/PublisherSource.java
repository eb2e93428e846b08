package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes to a publisher (Reactive Streams 1.0.4, rules in brackets). Signals come from any thread, one at a time; all
 * calls of the subscription are made by {@link PacedSend#work}, so they do not overlap (2.7).
 */
final class PublisherSource<K extends @Nullable Object, V extends @Nullable Object>
        implements PacedSend.Source<K, V>, Flow.Subscriber<ProducerRecord<K, V>> {

    private static final int LOT = 128;

    private final int lot;
    private final Queue<ProducerRecord<K, V>> arrived = new ConcurrentLinkedQueue<>(); // never more than a lot
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
    private Runnable signal = () -> {}; // set before anything is subscribed to

    private volatile @Nullable Throwable failure; // written before ended
    private volatile boolean ended;
    private volatile boolean unwanted;
    private int due; // requested and not yet taken

    /** Requests at most this many records at a time. */
    PublisherSource(int maxLot) {
        this.lot = Math.min(LOT, maxLot);
    }

    /** Whom to tell that something came. */
    void onChange(Runnable listener) {
        signal = listener;
    }

    @Override
    public void onSubscribe(Flow.Subscription newcomer) {
        Objects.requireNonNull(newcomer, "subscription must not be null"); // 2.13
        if (subscription.compareAndSet(null, newcomer) && !unwanted) {
            signal.run();
        } else {
            newcomer.cancel(); // a second one (2.5), or too late
        }
    }

    @Override
    public void onNext(ProducerRecord<K, V> record) {
        arrived.add(Objects.requireNonNull(record, "record must not be null")); // 2.13
        if (unwanted) {
            arrived.clear(); // some still come after a cancellation (2.8)
        }
        signal.run();
    }

    @Override
    public void onError(Throwable thrown) {
        failure = Objects.requireNonNull(thrown, "error must not be null"); // 2.13
        ended = true;
        signal.run();
    }

    @Override
    public void onComplete() {
        ended = true;
        signal.run();
    }

    @Override
    public @Nullable ProducerRecord<K, V> next() {
        ProducerRecord<K, V> record = arrived.poll();
        Flow.Subscription source = subscription.get();
        if (record == null && due == 0 && source != null && !ended) {
            due = lot;
            source.request(lot);
            record = arrived.poll();
        }
        if (record != null) {
            due--;
        }
        return record;
    }

    @Override
    public boolean isExhausted() {
        return ended && arrived.isEmpty(); // in this order: nothing arrives after the end
    }

    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void cancel() {
        unwanted = true;
        arrived.clear();
        Flow.Subscription source = subscription.get();
        if (source != null && !ended) { // after the end it is not to be touched (2.3)
            source.cancel();
        }
    }
}
