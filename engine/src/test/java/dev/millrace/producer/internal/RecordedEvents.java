package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.EngineError;
import dev.millrace.producer.observe.IdentityChange;
import dev.millrace.producer.observe.MetadataRefresh;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import java.util.ArrayList;
import java.util.List;

/** Keeps every event, and counts as a close report does. */
final class RecordedEvents implements ProducerObserver {

    final List<Object> all = new ArrayList<>();

    @Override
    public void onRecordRefused(RecordRefusal refusal) {
        all.add(refusal);
    }

    @Override
    public void onBufferWait(BufferWait wait) {
        all.add(wait);
    }

    @Override
    public void onBatchEnded(BatchEnd batch) {
        all.add(batch);
    }

    @Override
    public void onBatchRetried(BatchRetry retry) {
        all.add(retry);
    }

    @Override
    public void onBatchSplit(BatchSplit split) {
        all.add(split);
    }

    @Override
    public void onRequestEnded(RequestEnd request) {
        all.add(request);
    }

    @Override
    public void onConnectionChanged(ConnectionChange change) {
        all.add(change);
    }

    @Override
    public void onAuthentication(AuthenticationEnd authentication) {
        all.add(authentication);
    }

    @Override
    public void onMetadata(MetadataRefresh refresh) {
        all.add(refresh);
    }

    @Override
    public void onIdentity(IdentityChange change) {
        all.add(change);
    }

    @Override
    public void onTransaction(TransactionEnd transaction) {
        all.add(transaction);
    }

    @Override
    public void onEngineError(EngineError error) {
        all.add(error);
    }

    @Override
    public void onClosed(CloseReport report) {
        all.add(report);
    }

    <T> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T> T only(Class<T> type) {
        assertThat(of(type)).hasSize(1);
        return of(type).get(0);
    }

    /** Every record is in one event, and times are never negative. */
    void assertAgreeWith(CloseReport report) {
        long delivered = 0;
        long failed = of(RecordRefusal.class).size();
        for (BatchEnd batch : of(BatchEnd.class)) {
            if (batch.failure() == null) {
                delivered += batch.records();
            } else {
                failed += batch.records();
            }
            assertThat(List.of(
                            batch.times().metadataNanos(),
                            batch.times().lingerNanos(),
                            batch.times().queueNanos(),
                            batch.times().inFlightNanos(),
                            batch.times().retryNanos(),
                            batch.times().callbackNanos()))
                    .as("%s", batch)
                    .allMatch(nanos -> nanos >= 0);
        }
        assertThat(delivered).isEqualTo(report.delivered());
        assertThat(failed).isEqualTo(report.failed());
        assertThat(all.get(all.size() - 1)).isEqualTo(report);
    }
}
