package dev.millrace.spring;

import dev.millrace.producer.Producers;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The application's code besides serializers that an engine producer calls.
 *
 * @param partitioner null for the configured one
 * @param interceptors in the order they work
 * @param observers in the order they are told
 * @param nonBlockingThreads null for those the engine knows by itself
 * @param listeners asked who watches a producer; the factory does that
 */
record ProducerPlugIns<K extends @Nullable Object, V extends @Nullable Object>(
        @Nullable Partitioner<? super K, ? super V> partitioner,
        List<ProducerInterceptor<K, V>> interceptors,
        List<ProducerObserver> observers,
        @Nullable Predicate<? super Thread> nonBlockingThreads,
        List<ProducerFactoryListener> listeners) {

    /** Nothing of the application's. */
    static <K extends @Nullable Object, V extends @Nullable Object> ProducerPlugIns<K, V> none() {
        return new ProducerPlugIns<>(null, List.of(), List.of(), null, List.of());
    }

    ProducerPlugIns<K, V> withPartitioner(@Nullable Partitioner<? super K, ? super V> chooser) {
        return new ProducerPlugIns<>(chooser, interceptors, observers, nonBlockingThreads, listeners);
    }

    ProducerPlugIns<K, V> withInterceptors(List<? extends ProducerInterceptor<K, V>> chain) {
        return new ProducerPlugIns<>(partitioner, List.copyOf(chain), observers, nonBlockingThreads, listeners);
    }

    ProducerPlugIns<K, V> withObservers(List<? extends ProducerObserver> hearing) {
        return new ProducerPlugIns<>(partitioner, interceptors, List.copyOf(hearing), nonBlockingThreads, listeners);
    }

    ProducerPlugIns<K, V> withNonBlockingThreads(@Nullable Predicate<? super Thread> rule) {
        return new ProducerPlugIns<>(partitioner, interceptors, observers, rule, listeners);
    }

    ProducerPlugIns<K, V> withListeners(List<? extends ProducerFactoryListener> asked) {
        return new ProducerPlugIns<>(partitioner, interceptors, observers, nonBlockingThreads, List.copyOf(asked));
    }

    /** Lends everything: the engine's close leaves it open, and a restarted factory opens another producer with the same. */
    Producers.Builder<K, V> applyTo(Producers.Builder<K, V> builder) {
        builder.lent();
        if (partitioner != null) {
            builder.partitioner(partitioner);
        }
        if (!interceptors.isEmpty()) {
            builder.interceptors(interceptors);
        }
        if (!observers.isEmpty()) {
            builder.observer(observers.size() == 1 ? observers.get(0) : new CompositeProducerObserver(observers));
        }
        if (nonBlockingThreads != null) {
            builder.nonBlockingThreads(nonBlockingThreads);
        }
        return builder;
    }
}
