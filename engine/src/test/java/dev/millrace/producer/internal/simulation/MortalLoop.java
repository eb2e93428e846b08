package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.concurrent.EventLoop;

/** The loop of one process among several on the same virtual time: once the process is dead it runs nothing more. */
public final class MortalLoop implements EventLoop {

    private final SimulatedEventLoop time;
    private boolean dead;

    /** Of a process that lives. */
    public MortalLoop(SimulatedEventLoop time) {
        this.time = time;
    }

    /** The process is no more; nobody is told. */
    public void die() {
        dead = true;
    }

    /** Whether it is no more. */
    public boolean isDead() {
        return dead;
    }

    @Override
    public boolean inEventLoop() {
        return time.inEventLoop();
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public void execute(Runnable task) {
        time.execute(() -> runUnlessDead(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return time.schedule(delayNanos, () -> runUnlessDead(task));
    }

    private void runUnlessDead(Runnable task) {
        if (!dead) {
            task.run();
        }
    }

    @Override
    public void addEndListener(Runnable listener) {
        // a process that dies has nobody left to tell
    }

    @Override
    public void removeEndListener(Runnable listener) {
        // none is kept
    }
}
