package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.internal.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock a test moves. It starts shortly before the overflow, so that only subtractions compare its readings right. */
final class ManualTicker implements Ticker {

    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMillis(1).toNanos());

    @Override
    public long nanos() {
        return nanos.get();
    }

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
