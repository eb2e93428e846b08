package dev.millrace.spring;

import dev.millrace.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the engine producer an application shares. Safe for use by any number of threads.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ProducerFactory<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The shared producer, opened by the first call. Opening does no I/O. The factory owns it and closes it: callers
     * neither close nor keep it, because a restart of the factory brings another one.
     *
     * @throws IllegalStateException if the factory is stopped
     */
    Producer<K, V> getSharedProducer();

    /** What messages and log lines call the producer. */
    String getName();
}
