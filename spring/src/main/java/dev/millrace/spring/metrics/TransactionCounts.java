package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.Set;
import java.util.function.LongSupplier;

/** Where the time of transactions goes, as the reference tells it. */
final class TransactionCounts {

    private static final String INIT = "INIT_PRODUCER_ID";
    private static final Set<String> OFFSETS = Set.of("ADD_OFFSETS_TO_TXN", "TXN_OFFSET_COMMIT");

    private final Tally initNanos;
    private final Tally offsetsNanos;
    private final Tally commitNanos;
    private final Tally abortNanos;

    TransactionCounts(LongSupplier nanoTime) {
        initNanos = new Tally(nanoTime);
        offsetsNanos = new Tally(nanoTime);
        commitNanos = new Tally(nanoTime);
        abortNanos = new Tally(nanoTime);
    }

    void add(RequestEnd request, long nowNanos) {
        if (request.api().equals(INIT)) {
            initNanos.add(request.latencyNanos(), nowNanos);
        } else if (OFFSETS.contains(request.api())) {
            offsetsNanos.add(request.latencyNanos(), nowNanos);
        }
    }

    void add(TransactionEnd transaction, long nowNanos) {
        switch (transaction.result()) {
            case COMMITTED -> commitNanos.add(transaction.endingNanos(), nowNanos);
            case ABORTED -> abortNanos.add(transaction.endingNanos(), nowNanos);
            case FENCED, UNKNOWN -> {}
        }
    }

    void register(ReferenceMeters meters) {
        meters.total("txn.init.time.ns.total", "time of requests for a producer id", initNanos::total);
        meters.total("txn.send.offsets.time.ns.total", "time of requests that send offsets", offsetsNanos::total);
        meters.total("txn.commit.time.ns.total", "time of commits", commitNanos::total);
        meters.total("txn.abort.time.ns.total", "time of aborts", abortNanos::total);
    }
}
