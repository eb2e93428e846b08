package dev.millrace.spring;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.observe.ProducerObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Watches one engine producer from its opening until {@link #onClosed}: hears its events, and may look at its pipeline.
 * Events come on the engine's delivery executor, and may come before {@link #onOpened}.
 */
public interface ProducerWatch extends ProducerObserver {

    /**
     * The producer is open. Not called if it could not be.
     *
     * @param snapshots as {@link dev.millrace.producer.Producer#snapshot}
     */
    default void onOpened(Supplier<CompletableFuture<PipelineSnapshot>> snapshots) {}
}
