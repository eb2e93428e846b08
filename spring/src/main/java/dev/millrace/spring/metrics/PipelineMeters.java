package dev.millrace.spring.metrics;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.spring.inspection.RecentSnapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** States of one client, read from one recent snapshot of its pipeline for all of them; NaN if there is none. */
final class PipelineMeters {

    /** What a scrape may wait, once, if callbacks hold snapshots up. */
    private static final long PATIENCE_MILLIS = 100;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<@Nullable RecentSnapshot> snapshots;
    private final MeterNames names;

    PipelineMeters(Supplier<@Nullable RecentSnapshot> snapshots, MeterNames names) {
        this.snapshots = snapshots;
        this.names = names;
    }

    void register() {
        ReferenceMeters meters = names.ofClient();
        meters.gauge(
                "buffer.total.bytes",
                "buffer memory",
                () -> read(state -> state.buffer().limitBytes()));
        meters.gauge(
                "buffer.available.bytes",
                "buffer memory that is free",
                () -> read(state ->
                        (double) state.buffer().limitBytes() - state.buffer().usedBytes()));
        meters.gauge(
                "waiting.threads",
                "sends that wait for buffer memory",
                () -> read(state -> state.buffer().waitingThreads()));
        meters.gauge("requests.in.flight", "requests without answer", () -> read(PipelineMeters::requestsInFlight));
        meters.gauge("connection.count", "connections in use", () -> read(PipelineMeters::connections));
        meters.gauge("metadata.age", "age of the metadata in seconds", () -> read(PipelineMeters::metadataAge));

        own("app.producer.buffer.used", "Buffer memory taken by records.", "bytes", state -> state.buffer()
                .usedBytes());
        own("app.producer.buffer.limit", "Buffer memory there is.", "bytes", state -> state.buffer()
                .limitBytes());
        own("app.producer.buffer.waiting", "Sends that wait for buffer memory.", "threads", state -> state.buffer()
                .waitingThreads());
        own("app.producer.records.pending", "Records without outcome.", "records", state -> state.records()
                .pending());
        own(
                "app.producer.batches.in.flight",
                "Batches sent and not answered.",
                "batches",
                state -> state.partitions().stream()
                        .mapToInt(PartitionSnapshot::batchesInFlight)
                        .sum());
        own(
                "app.producer.callbacks.pending",
                "Batches whose callbacks have yet to run.",
                "batches",
                state -> state.delivery().batches());
        names.group().define(registry -> TimeGauge.builder(
                        "app.producer.callbacks.delay",
                        () -> read(state -> state.delivery().delayNanos()),
                        TimeUnit.NANOSECONDS)
                .description("How long callbacks are behind.")
                .tags(names.ownTags())
                .strongReference(true)
                .register(registry));
    }

    private void own(String name, String what, String unit, ToDoubleFunction<PipelineSnapshot> value) {
        names.group().define(registry -> Gauge.builder(name, () -> read(value))
                .description(what)
                .baseUnit(unit)
                .tags(names.ownTags())
                .strongReference(true)
                .register(registry));
    }

    private double read(ToDoubleFunction<PipelineSnapshot> value) {
        RecentSnapshot open = snapshots.get();
        PipelineSnapshot state = open == null ? null : open.look(PATIENCE_MILLIS);
        return state == null ? Double.NaN : value.applyAsDouble(state);
    }

    private static double requestsInFlight(PipelineSnapshot state) {
        return state.nodes().stream().mapToInt(NodeSnapshot::requestsInFlight).sum();
    }

    private static double connections(PipelineSnapshot state) {
        return state.nodes().stream()
                .filter(node -> node.state().equals("READY"))
                .count();
    }

    private static double metadataAge(PipelineSnapshot state) {
        return state.metadataAgeNanos() < 0 ? Double.NaN : state.metadataAgeNanos() / NANOS_PER_SECOND;
    }
}
