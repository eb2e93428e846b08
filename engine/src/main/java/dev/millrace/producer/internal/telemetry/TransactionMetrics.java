package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.Set;

/** Where the time of transactions goes. */
final class TransactionMetrics {

    private static final String INIT = ApiKey.INIT_PRODUCER_ID.name();
    private static final Set<String> OFFSETS =
            Set.of(ApiKey.ADD_OFFSETS_TO_TXN.name(), ApiKey.TXN_OFFSET_COMMIT.name());

    private final Counter initNanos = new Counter();
    private final Counter offsetsNanos = new Counter();
    private final Counter commitNanos = new Counter();
    private final Counter abortNanos = new Counter();

    void add(TransactionEnd transaction) {
        switch (transaction.result()) {
            case COMMITTED -> commitNanos.add((double) transaction.endingNanos());
            case ABORTED -> abortNanos.add((double) transaction.endingNanos());
            case FENCED, UNKNOWN -> {
                // the reference counts what ended as it was asked to
            }
        }
    }

    void add(RequestEnd request) {
        if (request.api().equals(INIT)) {
            initNanos.add((double) request.latencyNanos());
        } else if (OFFSETS.contains(request.api())) {
            offsetsNanos.add((double) request.latencyNanos());
        }
    }

    void report(PointList points) {
        points.total("txn-init-time-ns", initNanos);
        points.total("txn-send-offsets-time-ns", offsetsNanos);
        points.total("txn-commit-time-ns", commitNanos);
        points.total("txn-abort-time-ns", abortNanos);
    }
}
