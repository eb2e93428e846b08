package dev.millrace.producer.internal.concurrent;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one task on an executor for any number of signals raised before the task starts.
 *
 * <p>Any thread may raise it. No signal is lost as long as the state the task reads is written before the signal is
 * raised, under a lock or by volatile access.
 */
public final class DrainSignal {

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Executor executor;
    private final Runnable drain;

    /** The task runs on the executor, one run at a time if the executor is single-threaded. */
    public DrainSignal(Executor executor, Runnable drain) {
        this.executor = executor;
        this.drain = drain;
    }

    /** Makes sure that a run of the task starts after this call. */
    public void raise() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException closed) {
                return; // whoever closed the executor has seen to what was to be drained
            }
        }
    }

    private void run() {
        scheduled.set(false); // before draining: a signal raised from here on schedules another run
        drain.run();
    }
}
