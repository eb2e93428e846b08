package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.time.Backoff;
import dev.millrace.producer.internal.time.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of a cluster authenticate with, as it is now. The source is asked away from the event loop, by one
 * call at a time, however many connections wait for it; what it gave counts until it ends, its source tells a change, or a
 * broker refuses it. A source that fails leaves the last secret in use and is asked again after a pause.
 */
@EventLoopOnly
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Secret.Source source;
    private final LoginRefresh refresh;
    private final EventLoop loop;
    private final Executor executor;
    private final WallClock clock;
    private final RandomGenerator random;
    private final Backoff pauses;
    private final Authentication.Listener listener;
    private final String logPrefix;
    private final List<Waiter> waiters = new ArrayList<>();

    private volatile String sourceName = "the supplier of credentials"; // until it was asked for its name
    private @Nullable Secret current; // null before the first
    private boolean doubted; // the source is to be asked before the current one is used again
    private boolean asking;
    private boolean changeTold; // by the source, and not taken yet
    private boolean changedMeanwhile; // told while it was being asked, so that the answer may be the old one
    private int failures; // in a row
    private @Nullable SaslProblem problem; // of the last call, null if it succeeded
    private EventLoop.@Nullable Timer timer; // of the next call that nobody waits for
    private boolean closed;

    Login(Secret.Source source, LoginRefresh refresh, LoginParts parts, Authentication.Listener listener) {
        this.source = source;
        this.refresh = refresh;
        this.loop = parts.loop();
        this.executor = parts.executor();
        this.clock = parts.clock();
        this.random = parts.random();
        this.logPrefix = parts.logPrefix();
        this.listener = listener;
        pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS, random);
    }

    /** Hears what becomes of one question. */
    interface Waiter {

        /** This is to be used now. */
        void onSecret(Secret secret);

        /** There is none. */
        void onProblem(SaslProblem problem);
    }

    /** Gives the secret, at once if it is there. */
    void get(Waiter waiter) {
        Secret known = current;
        SaslProblem obstacle = problem;
        boolean isPausing = obstacle != null && !asking;
        if (known != null && !hasEnded(known) && (!doubted || isPausing)) {
            waiter.onSecret(known);
        } else if (obstacle != null && isPausing) {
            waiter.onProblem(obstacle);
        } else {
            waiters.add(waiter);
            ask();
        }
    }

    /** A broker did not take it. */
    void refused(Secret secret) {
        if (secret.equals(current)) {
            doubted = true;
            if (problem == null) {
                ask();
            }
        }
    }

    /** The source says that it has another one. */
    void changed() {
        doubted = true;
        changedMeanwhile = asking;
        changeTold = !asking;
        ask();
    }

    /** What keeps it from having one, for messages; empty if nothing. */
    String obstacle() {
        if (asking && (current == null || doubted)) {
            return "waiting for " + sourceName;
        }
        return problem == null ? "" : String.valueOf(problem.getMessage());
    }

    /** Asks no more. */
    void close() {
        closed = true;
        cancelTimer();
        waiters.clear();
    }

    private void ask() {
        if (asking || closed) {
            return;
        }
        asking = true;
        cancelTimer();
        try {
            executor.execute(this::fetch);
        } catch (RejectedExecutionException ended) {
            closed = true;
        }
    }

    /** On a thread of the executor. */
    private void fetch() {
        Secret fetched = null;
        SaslProblem failed = null;
        try {
            sourceName = source.name();
            fetched = source.fetch();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed = failure(e);
        } catch (Exception | Error e) { // user code; connections wait for the answer
            failed = failure(e);
        }
        Secret secret = fetched;
        SaslProblem why = failed;
        try {
            loop.execute(() -> {
                if (secret != null) {
                    take(secret);
                } else if (why != null) {
                    fail(why);
                }
            });
        } catch (RejectedExecutionException ended) {
            return; // nobody waits any more
        }
    }

    private SaslProblem failure(Throwable cause) {
        return SaslProblem.noCredentials(
                "no credentials from " + sourceName + ": " + cause,
                "see to it that it gives credentials; it is asked again",
                cause);
    }

    private void take(Secret secret) {
        if (closed) {
            return;
        }
        if (hasEnded(secret)) {
            long ago = clock.millis() - endOf(secret);
            fail(SaslProblem.noCredentials(
                    "the token of " + sourceName + " ended " + ago + " ms ago",
                    "see to it that it gives tokens that live, and that the clocks agree",
                    null));
            return;
        }
        Secret before = current;
        boolean isAnother = before != null && !secret.equals(before);
        boolean isRelief = problem != null;
        boolean wasTold = changeTold;
        asking = false;
        doubted = false;
        failures = 0;
        problem = null;
        current = secret;
        scheduleRefresh(secret);
        answerWaiters(each -> each.onSecret(secret));
        changeTold = false;
        askAgainIfChanged();
        LOG.debug("{} credentials taken: source={} other than before={}", logPrefix, sourceName, isAnother);
        if (isAnother && wasTold) {
            listener.onReplaced();
        } else if (isRelief) { // another one after a refusal waits for its turn: it may be refused, too, and again
            listener.onUsable();
        }
    }

    private void fail(SaslProblem why) {
        if (closed) {
            return;
        }
        asking = false;
        failures++;
        problem = why;
        LOG.warn("{} {}; {}", logPrefix, why.getMessage(), why.remedy());
        timer = loop.schedule(pauses.nextNanos(failures), this::askByTimer);
        Secret last = current;
        if (last != null && !hasEnded(last)) {
            answerWaiters(each -> each.onSecret(last)); // better than nothing, and the broker has the last word
        } else {
            answerWaiters(each -> each.onProblem(why));
        }
        askAgainIfChanged();
    }

    private void askAgainIfChanged() {
        if (changedMeanwhile) {
            changedMeanwhile = false;
            changeTold = true;
            doubted = true;
            ask();
        }
    }

    private void scheduleRefresh(Secret secret) {
        if (secret.endsAtMillis() != null) {
            long delay = refresh.delayMillis(clock.millis(), endOf(secret), random);
            timer = loop.schedule(TimeUnit.MILLISECONDS.toNanos(delay), this::askByTimer);
        }
    }

    private void askByTimer() {
        timer = null;
        ask();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void answerWaiters(Consumer<Waiter> answer) {
        List<Waiter> answered = List.copyOf(waiters);
        waiters.clear();
        answered.forEach(answer);
    }

    private boolean hasEnded(Secret secret) {
        return clock.millis() >= endOf(secret);
    }

    private static long endOf(Secret secret) {
        Long end = secret.endsAtMillis();
        return end == null ? Long.MAX_VALUE : end;
    }
}
