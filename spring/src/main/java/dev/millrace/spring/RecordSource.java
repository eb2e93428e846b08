package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a {@link TransactionalSendAll} reads, one record at a time, never by two threads at once. */
interface RecordSource<K extends @Nullable Object, V extends @Nullable Object> {

    /** Whether {@link #next} has something to say now. */
    boolean hasAnswer();

    /** The next record; null at the end. Throws what the source throws. */
    @Nullable ProducerRecord<K, V> next();

    /** Why there are no more records; null if that is all of them. */
    @Nullable Throwable failure();

    /** Wants no more. */
    void cancel();

    /** A source that has its records whenever it is asked. */
    final class OfIterable<K extends @Nullable Object, V extends @Nullable Object> implements RecordSource<K, V> {

        private final Iterable<? extends ProducerRecord<K, V>> records;
        private @Nullable Iterator<? extends ProducerRecord<K, V>> iterator; // null before the first record

        OfIterable(Iterable<? extends ProducerRecord<K, V>> records) {
            this.records = Objects.requireNonNull(records, "records must not be null");
        }

        @Override
        public boolean hasAnswer() {
            return true;
        }

        @Override
        public @Nullable ProducerRecord<K, V> next() {
            Iterator<? extends ProducerRecord<K, V>> reading = iterator;
            if (reading == null) {
                reading = records.iterator();
                iterator = reading;
            }
            return reading.hasNext() ? Objects.requireNonNull(reading.next(), "record must not be null") : null;
        }

        @Override
        public @Nullable Throwable failure() {
            return null;
        }

        @Override
        public void cancel() {
            // whoever has the iterable keeps it
        }
    }

    /** A source that says by itself when it has records; it is asked for as many as wait to be read. */
    final class OfPublisher<K extends @Nullable Object, V extends @Nullable Object>
            implements RecordSource<K, V>, Flow.Subscriber<ProducerRecord<K, V>> {

        private static final int REQUESTED = 128;

        private final Queue<ProducerRecord<K, V>> received = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean isCancelled = new AtomicBoolean();
        private volatile Runnable signal = () -> {};
        private volatile Flow.@Nullable Subscription subscription; // null before onSubscribe
        private volatile @Nullable Throwable failure; // null if none; written before isComplete
        private volatile boolean isComplete;

        void subscribeTo(Flow.Publisher<? extends ProducerRecord<K, V>> publisher, Runnable onNews) {
            signal = onNews;
            publisher.subscribe(this);
        }

        @Override
        public void onSubscribe(Flow.Subscription granted) {
            Objects.requireNonNull(granted, "subscription must not be null");
            if (subscription != null || isCancelled.get()) {
                granted.cancel();
                return;
            }
            subscription = granted;
            granted.request(REQUESTED);
        }

        @Override
        public void onNext(ProducerRecord<K, V> record) {
            received.add(Objects.requireNonNull(record, "record must not be null"));
            signal.run();
        }

        @Override
        public void onError(Throwable why) {
            failure = Objects.requireNonNull(why, "error must not be null");
            onComplete();
        }

        @Override
        public void onComplete() {
            isComplete = true;
            signal.run();
        }

        @Override
        public boolean hasAnswer() {
            return isComplete || !received.isEmpty();
        }

        @Override
        public @Nullable ProducerRecord<K, V> next() {
            ProducerRecord<K, V> next = received.poll();
            Flow.Subscription granted = subscription;
            if (next != null && granted != null && !isComplete) {
                granted.request(1);
            }
            return next;
        }

        @Override
        public @Nullable Throwable failure() {
            return failure;
        }

        @Override
        public void cancel() {
            Flow.Subscription granted = subscription;
            if (isCancelled.compareAndSet(false, true) && granted != null) {
                granted.cancel();
            }
            received.clear();
        }
    }
}
