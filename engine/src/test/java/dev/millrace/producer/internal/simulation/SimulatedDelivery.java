package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.concurrent.Delivery;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** Runs callbacks as tasks of a {@link SimulatedEventLoop}: in order, and at the same moment in every run. */
public final class SimulatedDelivery implements Delivery {

    private final SimulatedEventLoop loop;
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private boolean running;
    private boolean stuck;

    /** On a loop. */
    public SimulatedDelivery(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        held.add(task);
        try {
            loop.execute(this::runHeld);
        } catch (RejectedExecutionException ended) { // real ones have a thread of their own
            runHeld();
        }
    }

    /** As if a callback did not return: nothing runs until {@link #release}. */
    public void hold() {
        stuck = true;
    }

    /** Runs what has heaped up. */
    public void release() {
        stuck = false;
        loop.execute(this::runHeld);
    }

    private void runHeld() {
        Runnable task;
        while (!stuck && !running && (task = held.poll()) != null) {
            running = true;
            try {
                task.run();
            } finally {
                running = false;
            }
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
