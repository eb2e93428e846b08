package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.concurrent.Delivery;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** Runs callbacks as tasks of a {@link SimulatedEventLoop}: in order, and at the same moment in every run. */
public final class SimulatedDelivery implements Delivery {

    private final SimulatedEventLoop loop;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private boolean running;

    /** On a loop. */
    public SimulatedDelivery(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        try {
            loop.execute(this::runNext);
        } catch (RejectedExecutionException ended) { // real ones have a thread of their own
            while (!tasks.isEmpty()) {
                runNext();
            }
        }
    }

    private void runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return;
        }
        running = true;
        try {
            task.run();
        } finally {
            running = false;
        }
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
