package dev.millrace.spring.metrics;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.spring.inspection.RecentSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one client id. A producer that takes the place of another one, after a reset for example, goes on counting
 * where that stopped, also while the other one is still closing.
 */
final class ClientMeters {

    final ClientCounts counts;
    final StageTimers stages;
    final FactoryMeters factory;

    private final MeterGroup group;
    private volatile @Nullable RecentSnapshot snapshots; // null until a producer is open

    ClientMeters(MeterNames names, ClientCounts counts, FactoryMeters factory) {
        this.group = names.group();
        this.counts = counts;
        this.stages = new StageTimers(names);
        this.factory = factory;
        counts.register();
        new PipelineMeters(() -> snapshots, names).register();
    }

    void lookAt(Supplier<CompletableFuture<PipelineSnapshot>> source) {
        snapshots = new RecentSnapshot(source);
    }

    MeterGroup group() {
        return group;
    }
}
