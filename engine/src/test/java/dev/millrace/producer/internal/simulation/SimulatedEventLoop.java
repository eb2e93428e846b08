package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.concurrent.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop on virtual time. The thread that made it is the loop: a test calls {@code @EventLoopOnly} methods
 * directly, then lets things happen with {@link #runReady()} (no time passes) or {@link #advance(Duration)}.
 *
 * <pre>
 * SimulatedEventLoop loop = new SimulatedEventLoop();
 * connection.ensureConnected();
 * loop.runReady();                        // what can happen now, has happened
 * loop.advance(Duration.ofSeconds(30));   // so have 30 seconds
 * </pre>
 *
 * <p>Tasks run in the order of their times, and at the same time in the order they were given: the same test has the
 * same history every time. The clock starts shortly before the overflow of its {@code long}, so that a comparison that
 * is not a subtraction fails. What a task throws, fails the test. Other threads may only call {@link #execute} and
 * {@link #schedule}.
 */
public final class SimulatedEventLoop implements EventLoop {

    private static final long START_NANOS =
            Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private static final int MAX_TASKS_AT_ONE_TIME = 100_000;

    private final Thread owner = Thread.currentThread();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Set<Runnable> endListeners = new LinkedHashSet<>();
    private boolean ended;
    private long nextOrder;
    private long tasksRun;
    private volatile long elapsedNanos;

    private record Task(long atNanos, long order, Runnable body) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == owner;
    }

    @Override
    public long nanos() {
        return START_NANOS + elapsedNanos;
    }

    /** Virtual time since the loop was made. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    @Override
    public void execute(Runnable task) {
        add(0, task);
    }

    @Override
    public synchronized void addEndListener(Runnable listener) {
        if (ended) {
            listener.run();
        } else {
            endListeners.add(listener);
        }
    }

    @Override
    public synchronized void removeEndListener(Runnable listener) {
        endListeners.remove(listener);
    }

    /** Ends the loop as if its thread had died: nothing that waits will run, nothing more is taken. */
    public void end() {
        List<Runnable> listeners;
        synchronized (this) {
            ended = true;
            tasks.clear();
            listeners = List.copyOf(endListeners);
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Task added = add(Math.max(0, delayNanos), task);
        return () -> remove(added);
    }

    /** Runs everything that is due now, also what that adds. */
    public void runReady() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, running each task at its time. */
    public void advance(Duration time) {
        long endNanos = elapsedNanos + time.toNanos();
        int atOneTime = 0;
        for (Task task = pollUntil(endNanos); task != null; task = pollUntil(endNanos)) {
            atOneTime = task.atNanos > elapsedNanos ? 0 : atOneTime + 1;
            if (atOneTime > MAX_TASKS_AT_ONE_TIME) {
                throw new AssertionError("tasks go on for ever at " + elapsed());
            }
            elapsedNanos = Math.max(elapsedNanos, task.atNanos);
            tasksRun++;
            task.body.run();
        }
        elapsedNanos = endNanos;
    }

    /** Lets time pass until something is so, in steps of 1 ms; fails the test if it does not become so in time. */
    public void advanceUntil(BooleanSupplier condition, Duration limit) {
        runReady();
        long endNanos = elapsedNanos + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (elapsedNanos >= endNanos) {
                throw new AssertionError("still not so after " + limit + ", at " + elapsed());
            }
            advance(Duration.ofMillis(1));
        }
    }

    /** How many tasks have run so far; of use to see that nothing spins. */
    public long tasksRun() {
        return tasksRun;
    }

    /** How many tasks wait for their time; of use to see that nothing was left behind. */
    public synchronized int pendingTasks() {
        return tasks.size();
    }

    private synchronized Task add(long delayNanos, Runnable body) {
        if (ended) {
            throw new RejectedExecutionException("the loop has ended");
        }
        Task task = new Task(elapsedNanos + delayNanos, nextOrder++, body);
        tasks.add(task);
        return task;
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    private synchronized @Nullable Task pollUntil(long endNanos) {
        Task next = tasks.peek();
        return next == null || next.atNanos > endNanos ? null : tasks.poll();
    }
}
