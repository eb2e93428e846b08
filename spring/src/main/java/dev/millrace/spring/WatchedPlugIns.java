package dev.millrace.spring;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.observe.ProducerObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one engine producer is opened with, and those who watch it. A listener that throws watches nothing, and is no reason
 * for the producer not to open.
 */
record WatchedPlugIns<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerPlugIns<K, V> plugIns, List<ProducerWatch> watches) {

    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedPlugIns.class);

    /** Asks all listeners. */
    static <K extends @Nullable Object, V extends @Nullable Object> WatchedPlugIns<K, V> of(
            ProducerPlugIns<K, V> plugIns,
            ProducerFactory<?, ?> factory,
            String clientId,
            @Nullable String transactionalId) {
        List<ProducerWatch> watches = new ArrayList<>();
        for (ProducerFactoryListener listener : plugIns.listeners()) {
            try {
                ProducerWatch watch = listener.watch(factory, clientId, transactionalId);
                if (watch != null) {
                    watches.add(watch);
                }
            } catch (RuntimeException failure) {
                log(factory.getName(), listener, failure);
            }
        }
        List<ProducerObserver> observers = new ArrayList<>(plugIns.observers());
        observers.addAll(watches);
        return new WatchedPlugIns<>(watches.isEmpty() ? plugIns : plugIns.withObservers(observers), watches);
    }

    /** Lets those who watch look at the pipeline from now on. */
    void opened(String name, Supplier<CompletableFuture<PipelineSnapshot>> snapshots) {
        for (ProducerWatch watch : watches) {
            try {
                watch.onOpened(snapshots);
            } catch (RuntimeException failure) {
                log(name, watch, failure);
            }
        }
    }

    private static void log(String name, Object failed, RuntimeException failure) {
        LOGGER.error(
                "[producer={}] listener failed: listener={}",
                name,
                failed.getClass().getName(),
                failure);
    }
}
