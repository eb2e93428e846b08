package dev.millrace.producer.internal.client;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.LoopCall;
import dev.millrace.producer.internal.sender.UndeliveredRecords;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a producer: refuses new records, delivers what it can in time, fails the rest, and releases everything.
 *
 * <p>Whoever calls first does it, on its own thread or, from a callback, on one made for it; all others wait for the same
 * report. An interrupt ends the waiting for deliveries, not the closing.
 */
final class ProducerClosing {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerClosing.class);
    private static final Duration LAST_PUSH = Duration.ofSeconds(3);

    private final ClientParts parts;
    private final WaitingRoom waitingRoom;
    private final CloseSteps steps;
    private final IdleTopics idleTopics;
    private final LoopEnd loopEnd;
    private final Runnable stopRefusing;
    private final LongSupplier refused;
    private final List<AutoCloseable> plugIns;
    private final AtomicReference<@Nullable CompletableFuture<CloseReport>> begun = new AtomicReference<>();

    ProducerClosing(
            ClientParts parts,
            WaitingRoom waitingRoom,
            CloseSteps steps,
            IdleTopics idleTopics,
            LoopEnd loopEnd,
            Runnable stopRefusing,
            LongSupplier refused,
            List<AutoCloseable> plugIns) {
        this.parts = parts;
        this.waitingRoom = waitingRoom;
        this.steps = steps;
        this.idleTopics = idleTopics;
        this.loopEnd = loopEnd;
        this.stopRefusing = stopRefusing;
        this.refused = refused;
        this.plugIns = plugIns;
    }

    boolean hasBegun() {
        return begun.get() != null;
    }

    CloseReport close(Duration timeout) {
        CompletableFuture<CloseReport> report = new CompletableFuture<>();
        boolean first = begun.compareAndSet(null, report);
        if (first) {
            steps.begun();
        }
        if (parts.loop().inEventLoop() || parts.delivery().inDelivery()) {
            if (first) {
                Thread closer =
                        new Thread(() -> run(timeout, report), parts.settings().clientId() + "-close");
                closer.setDaemon(true);
                closer.start();
            }
            return counts(new UndeliveredRecords());
        }
        if (first) {
            run(timeout, report);
        }
        CompletableFuture<CloseReport> running = begun.get();
        return running == null ? report.join() : running.join();
    }

    private void run(Duration timeout, CompletableFuture<CloseReport> report) {
        try {
            boolean interrupted = deliverWithin(timeout);
            UndeliveredRecords undelivered = failRest();
            loopEnd.ignore();
            stopRefusing.run();
            parts.delivery().barrier().join();
            plugIns.forEach(this::closePlugIn);
            CloseReport result = counts(undelivered);
            tellObserver(result);
            parts.release().run();
            log(result);
            report.complete(result);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (RuntimeException | Error e) {
            report.completeExceptionally(e);
            throw e;
        }
    }

    private void tellObserver(CloseReport report) {
        if (parts.observer().isActive()) {
            parts.observer().tellLast(to -> to.onClosed(report));
            parts.delivery().barrier().join();
        }
    }

    /** Returns whether the wait was ended by an interrupt. */
    private boolean deliverWithin(Duration timeout) {
        long deadlineNanos = System.nanoTime() + saturatedNanos(timeout);
        RecordAccumulator accumulator = parts.accumulator();
        accumulator.hurry();
        try {
            if (!timeout.isZero()) {
                await(steps.beforeRecords(), deadlineNanos);
                await(accumulator.flush(), deadlineNanos);
            }
            accumulator.close();
            if (!timeout.isZero()) {
                await(accumulator.flush(), deadlineNanos); // what was accepted while the first one ran
                awaitLastPush(deadlineNanos);
            }
            return false;
        } catch (InterruptedException e) {
            accumulator.close();
            return true; // the flag is set again once everything is released
        }
    }

    /** Metrics are worth a moment, and not the whole timeout if nobody takes them. */
    private void awaitLastPush(long deadlineNanos) throws InterruptedException {
        long latestNanos = System.nanoTime() + LAST_PUSH.toNanos();
        await(parts.telemetry().lastPush(), latestNanos - deadlineNanos < 0 ? latestNanos : deadlineNanos);
    }

    private static void await(CompletableFuture<Void> end, long deadlineNanos) throws InterruptedException {
        try {
            end.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.debug("close timeout passed with records or metrics pending");
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither flush nor the last push can fail", e);
        }
    }

    private UndeliveredRecords failRest() {
        UndeliveredRecords undelivered = new UndeliveredRecords();
        boolean ran = LoopCall.run(parts.loop(), () -> {
            idleTopics.end();
            parts.telemetry().end();
            parts.sender().abort(undelivered);
            waitingRoom.abort(undelivered);
            steps.afterRecords();
            parts.sender().close();
        });
        return ran ? undelivered : loopEnd.takeUndelivered();
    }

    private void closePlugIn(AutoCloseable plugIn) {
        try {
            plugIn.close();
        } catch (Throwable e) { // the others must be closed, and everything be given back, all the same
            LOG.warn(
                    "{} plug-in failed to close: {}",
                    parts.settings().logPrefix(),
                    plugIn.getClass().getName(),
                    e);
        }
    }

    private CloseReport counts(UndeliveredRecords undelivered) {
        long early = refused.getAsLong();
        return new CloseReport(
                parts.accumulator().acceptedRecords() + early,
                parts.completions().delivered(),
                parts.completions().failed() + early,
                undelivered.asList());
    }

    private void log(CloseReport report) {
        if (report.isComplete()) {
            LOG.debug(
                    "{} closed: submitted={} delivered={} failed={}",
                    parts.settings().logPrefix(),
                    report.submitted(),
                    report.delivered(),
                    report.failed());
        } else {
            LOG.warn(
                    "{} closed with undelivered records: undelivered={} submitted={} delivered={} failed={}; their"
                            + " futures have failed and the close report lists them",
                    parts.settings().logPrefix(),
                    report.undelivered().size(),
                    report.submitted(),
                    report.delivered(),
                    report.failed());
        }
    }

    private static long saturatedNanos(Duration timeout) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        return timeout.compareTo(longest) > 0 ? longest.toNanos() : timeout.toNanos();
    }
}
