package dev.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The daemon thread that serves all sockets of a cluster, with its timers. Everything about sockets happens on it;
 * others hand it tasks.
 */
final class SocketLoop implements AutoCloseable {

    private static final Duration TASK_TIMEOUT = Duration.ofSeconds(10);

    private final Selector selector;
    private final Thread thread = new Thread(this::run, "millrace-fake-cluster");
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Timer.BY_TIME);
    private volatile boolean closing;

    /** What ended the thread, or null: a fault of the fake cluster itself. */
    private volatile @Nullable Throwable failure;

    private long timersSet;
    private int connectionsAccepted;

    SocketLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for the fake cluster", e);
        }
        thread.setDaemon(true);
    }

    /** What is called when a channel is ready, on the loop. */
    @FunctionalInterface
    interface ReadyListener {
        void onReady() throws IOException;
    }

    /** A task on the loop that may fail. */
    @FunctionalInterface
    interface SocketTask {
        void run() throws IOException;
    }

    private record Timer(long dueNanos, long number, Runnable action) {

        // nanoTime may wrap: compared by difference, and those of the same instant in the order they were set
        private static final Comparator<Timer> BY_TIME = (a, b) -> {
            int byTime = Long.signum(a.dueNanos - b.dueNanos);
            return byTime != 0 ? byTime : Long.compare(a.number, b.number);
        };
    }

    void start() {
        thread.start();
    }

    /** Runs a task on the loop and waits for its end. Not for the loop itself. */
    void call(SocketTask task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        try {
            done.get(TASK_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the fake cluster changes its sockets", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("fake cluster could not change its sockets", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("fake cluster does not respond: closed=" + closing, failureOr(e));
        }
    }

    SelectionKey register(SelectableChannel channel, int interest, ReadyListener listener) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, listener);
    }

    /**
     * Lets go of channels that were closed: until the selector has looked again the system keeps their ports. Only in a
     * task of {@link #call}.
     */
    void releaseClosed() throws IOException {
        selector.selectNow(this::dispatch);
    }

    void schedule(Duration delay, Runnable action) {
        timers.add(new Timer(System.nanoTime() + delay.toNanos(), timersSet++, action));
    }

    int nextConnectionNumber() {
        return ++connectionsAccepted;
    }

    /** Ends the thread and closes every socket. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(TASK_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException("fake cluster broke down; what the test saw is not reliable", failure);
        }
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(this::dispatch, millisToNextTimer());
                runTasks();
                runDueTimers();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            closeAll();
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            if (key.isValid()) {
                ((ReadyListener) key.attachment()).onReady();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void runTasks() {
        Runnable task = tasks.poll();
        while (task != null) {
            task.run();
            task = tasks.poll();
        }
    }

    private void runDueTimers() {
        Timer next = timers.peek();
        while (next != null && next.dueNanos - System.nanoTime() <= 0) {
            timers.remove();
            next.action.run();
            next = timers.peek();
        }
    }

    /** At least 1, because 0 means forever; 0 if there is no timer. */
    private long millisToNextTimer() {
        Timer next = timers.peek();
        return next == null ? 0 : Math.max(1, (next.dueNanos - System.nanoTime()) / 1_000_000);
    }

    private void closeAll() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            failure = failureOr(e);
        }
    }

    private Throwable failureOr(Throwable other) {
        Throwable known = failure;
        return known == null ? other : known;
    }
}
