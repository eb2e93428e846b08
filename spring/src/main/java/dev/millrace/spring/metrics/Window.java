package dev.millrace.spring.metrics;

import java.util.concurrent.TimeUnit;

/**
 * What was added in the last 30 to 60 seconds: two samples of 30 s, of which the older is dropped when the younger is full.
 * That is what the reference's rates, averages and maxima look at by default (metrics.sample.window.ms, metrics.num.samples).
 */
final class Window {

    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final double NANOS_PER_SECOND = 1e9;

    private long beganNanos;
    private Sample current = new Sample();
    private Sample previous = new Sample();
    private boolean isStarted;

    /** Adds an amount that stands for so many events. */
    synchronized void add(double amount, long events, long nowNanos) {
        turn(nowNanos);
        current.sum += amount;
        current.events += events;
        current.max = Math.max(current.max, amount);
    }

    /** Amount per second; over at least one whole sample, so that a first event makes no peak. */
    synchronized double perSecond(long nowNanos) {
        turn(nowNanos);
        long elapsedNanos = nowNanos - beganNanos + (previous.isEmpty() ? 0 : SAMPLE_NANOS);
        return (current.sum + previous.sum) / (Math.max(elapsedNanos, SAMPLE_NANOS) / NANOS_PER_SECOND);
    }

    /** Amount per event; NaN without events, as the reference has it. */
    synchronized double average(long nowNanos) {
        turn(nowNanos);
        long events = current.events + previous.events;
        return events == 0 ? Double.NaN : (current.sum + previous.sum) / events;
    }

    /** The largest amount; NaN without any. */
    synchronized double max(long nowNanos) {
        turn(nowNanos);
        double max = Math.max(current.max, previous.max);
        return max == Double.NEGATIVE_INFINITY ? Double.NaN : max;
    }

    private void turn(long nowNanos) {
        if (!isStarted) {
            isStarted = true;
            beganNanos = nowNanos;
        }
        long samples = (nowNanos - beganNanos) / SAMPLE_NANOS;
        if (samples > 0) {
            previous = samples == 1 ? current : new Sample();
            current = new Sample();
            beganNanos += samples * SAMPLE_NANOS;
        }
    }

    private static final class Sample {
        private double sum;
        private long events;
        private double max = Double.NEGATIVE_INFINITY;

        boolean isEmpty() {
            return events == 0 && sum == 0;
        }
    }
}
