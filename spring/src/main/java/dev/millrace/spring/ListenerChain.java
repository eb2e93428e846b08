package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a template, in order. What one of them throws is logged and concerns nobody else. Any thread. */
final class ListenerChain<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Logger LOGGER = LoggerFactory.getLogger(ListenerChain.class);

    private final List<ProducerListener<? super K, ? super V>> listeners;
    private final AtomicLong failures = new AtomicLong();

    ListenerChain(List<? extends ProducerListener<? super K, ? super V>> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void tellDelivered(ProducerRecord<K, V> record, RecordMetadata metadata) {
        for (ProducerListener<? super K, ? super V> listener : listeners) {
            try {
                tellDelivered(listener, record, metadata);
            } catch (Throwable thrown) {
                report(listener, thrown);
            }
        }
    }

    void tellFailed(ProducerRecord<K, V> record, SendFailedException failure) {
        for (ProducerListener<? super K, ? super V> listener : listeners) {
            try {
                tellFailed(listener, record, failure);
            } catch (Throwable thrown) {
                report(listener, thrown);
            }
        }
    }

    @SuppressWarnings("unchecked") // whoever listens to any K and V is told of these
    private static <K extends @Nullable Object, V extends @Nullable Object> void tellDelivered(
            ProducerListener<K, V> listener, ProducerRecord<?, ?> record, RecordMetadata metadata) {
        listener.onSuccess((ProducerRecord<K, V>) record, metadata);
    }

    @SuppressWarnings("unchecked") // as above
    private static <K extends @Nullable Object, V extends @Nullable Object> void tellFailed(
            ProducerListener<K, V> listener, ProducerRecord<?, ?> record, SendFailedException failure) {
        listener.onError((ProducerRecord<K, V>) record, failure);
    }

    /** The first, the tenth, the hundredth time and so on: a listener that always fails must not fill the disk. */
    private void report(ProducerListener<?, ?> listener, Throwable thrown) {
        long times = failures.incrementAndGet();
        long power = 1;
        while (power < times && power <= Long.MAX_VALUE / 10) {
            power *= 10;
        }
        if (power == times) {
            LOGGER.warn(
                    "listener failed: listener={} failures={}; the record's future completes all the same",
                    listener.getClass().getName(),
                    times,
                    thrown);
        }
    }
}
