package dev.millrace.spring;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that an interrupt does not end, because what they wait for can neither be taken back nor left alone. */
final class Uninterruptibly {

    private Uninterruptibly() {}

    /** Lets time pass. */
    static void pause(long nanos) {
        await(new CompletableFuture<>(), nanos);
    }

    /**
     * Waits until the future is complete in any way; an interrupt is kept for later.
     *
     * @return false if it is not when the time has passed
     */
    static boolean await(CompletableFuture<?> future, long nanos) {
        long deadlineNanos = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                } catch (TimeoutException late) {
                    return false;
                } catch (CancellationException | ExecutionException failure) {
                    return true; // the caller looks at how it ended
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
