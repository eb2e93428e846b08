package dev.millrace.producer.internal.simulation;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Compression threads on virtual time. The work is done at the end of the time it takes, so that whatever happens
 * meanwhile comes before it; works overtake each other if the times say so.
 */
public final class SimulatedCompression implements Executor {

    private final SimulatedEventLoop loop;
    private Supplier<Duration> time = () -> Duration.ZERO;
    private int tasks;

    /** On a loop; work takes no time. */
    public SimulatedCompression(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    /** How long the following works take, each asked for anew. */
    public void takes(Supplier<Duration> each) {
        time = each;
    }

    /** Works handed over so far. */
    public int tasks() {
        return tasks;
    }

    @Override
    public void execute(Runnable task) {
        tasks++;
        var unused = loop.schedule(time.get().toNanos(), task);
    }
}
