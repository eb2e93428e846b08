package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.time.Backoff;

/**
 * When the cluster is to be described anew: at once if somebody asks, at the latest when the last description has become
 * too old, with growing pauses while attempts fail and while answers bring nothing new. Pure but for the jitter.
 */
@EventLoopOnly
final class RefreshSchedule {

    private final Backoff backoff;
    private final long maxAgeNanos;

    private boolean requested = true; // nothing is known at first
    private long notBeforeNanos;
    private long lastSuccessNanos;
    private long lastAnswerNanos;
    private int failedAttempts; // in a row
    private int staleAnswers; // in a row

    RefreshSchedule(Backoff backoff, long maxAgeNanos, long nowNanos) {
        this.backoff = backoff;
        this.maxAgeNanos = maxAgeNanos;
        notBeforeNanos = nowNanos;
        lastSuccessNanos = nowNanos;
        lastAnswerNanos = nowNanos;
    }

    /** Somebody found out that what is known is wrong. */
    void request() {
        requested = true;
    }

    /** A topic was added: what the brokers repeated so far does not count against it. */
    void topicAdded() {
        staleAnswers = 0;
    }

    /** A refresh of everything goes out; whoever asks from here on asks for the next one. */
    void started() {
        requested = false;
    }

    /** A refresh of everything was answered. */
    void succeeded(long nowNanos, boolean bringsNews) {
        lastSuccessNanos = nowNanos;
        answered(nowNanos, bringsNews);
    }

    /** A request, of everything or only of new topics, was answered. */
    void answered(long nowNanos, boolean bringsNews) {
        boolean inARow = nowNanos - lastAnswerNanos <= 2 * backoff.maxNanos();
        failedAttempts = 0;
        if (bringsNews) {
            staleAnswers = 0;
        } else {
            staleAnswers = inARow ? staleAnswers + 1 : 1;
        }
        lastAnswerNanos = nowNanos;
        notBeforeNanos = nowNanos + backoff.nextNanos(Math.max(1, staleAnswers));
    }

    /** A request, of everything or only of new topics, failed; the next one is of everything. */
    void failed(long nowNanos) {
        failedAttempts++;
        requested = true;
        notBeforeNanos = nowNanos + backoff.nextNanos(failedAttempts);
    }

    /** When the next refresh of everything may go out. */
    long dueNanos() {
        long oldNanos = lastSuccessNanos + maxAgeNanos;
        return requested || oldNanos - notBeforeNanos < 0 ? notBeforeNanos : oldNanos;
    }
}
