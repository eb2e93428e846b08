package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Tells the cluster of the producer, as far as the cluster wants to know. */
public interface Telemetry {

    /** Tells nothing. */
    Telemetry OFF = new Telemetry() {
        @Override
        public void start(Supplier<CompletableFuture<PipelineSnapshot>> snapshots) {
            // nothing begins
        }

        @Override
        public CompletableFuture<UUID> clientInstanceId() {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "no client instance id: telemetry is off; set app.producer.telemetry.push (enable.metrics.push)"));
        }

        @Override
        public CompletableFuture<Void> lastPush() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void end() {
            // nothing has begun
        }
    };

    /**
     * Asks the cluster what it wants. Any thread, once.
     *
     * @param snapshots takes a snapshot and hands it over on the delivery executor
     */
    void start(Supplier<CompletableFuture<PipelineSnapshot>> snapshots);

    /**
     * What the cluster calls this producer, once it has said so. Any thread.
     *
     * @return completed on the delivery executor; fails with an {@link IllegalStateException} if there will be no id
     */
    CompletableFuture<UUID> clientInstanceId();

    /**
     * Pushes what has been counted so far for the last time, if the cluster wants anything. Any thread; {@link #end} has to
     * follow.
     *
     * @return completed on the event loop, when nothing is left to wait for; never fails
     */
    CompletableFuture<Void> lastPush();

    /** Ends at once; whatever is under way is forgotten. Calling it again is harmless. */
    @EventLoopOnly
    void end();
}
