package dev.millrace.benchmarks.security;

import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.ProducerObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Since when each of the producer's connections is up; any thread. */
final class OpenConnections implements ProducerObserver {

    private final Map<Integer, Long> readySinceNanos = new ConcurrentHashMap<>(); // by node
    private final LongAdder opened = new LongAdder();

    @Override
    public void onConnectionChanged(ConnectionChange change) {
        switch (change.event()) {
            case READY -> {
                readySinceNanos.put(change.node(), System.nanoTime());
                opened.increment();
            }
            case LOST, CLOSED -> readySinceNanos.remove(change.node());
            case CONNECTING -> {
                return;
            }
        }
    }

    /** Whether there are connections, and none that was made before. */
    boolean areAllYoungerThan(long nanos) {
        return !readySinceNanos.isEmpty() && readySinceNanos.values().stream().allMatch(since -> since - nanos > 0);
    }

    long opened() {
        return opened.sum();
    }
}
