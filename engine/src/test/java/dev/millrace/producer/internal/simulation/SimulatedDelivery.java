package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.concurrent.Delivery;
import java.util.concurrent.CompletableFuture;

/** Runs callbacks as tasks of a {@link SimulatedEventLoop}: in order, and at the same moment in every run. */
public final class SimulatedDelivery implements Delivery {

    private final SimulatedEventLoop loop;
    private boolean running;

    /** On a loop. */
    public SimulatedDelivery(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> {
            running = true;
            try {
                task.run();
            } finally {
                running = false;
            }
        });
    }

    @Override
    public boolean inDelivery() {
        return running && loop.inEventLoop();
    }

    @Override
    public CompletableFuture<Void> barrier() {
        return CompletableFuture.runAsync(() -> {}, this);
    }
}
