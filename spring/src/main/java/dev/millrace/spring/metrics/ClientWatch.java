package dev.millrace.spring.metrics;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.BatchSplit;
import dev.millrace.producer.observe.BufferWait;
import dev.millrace.producer.observe.ConnectionChange;
import dev.millrace.producer.observe.EngineError;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.RequestEnd;
import dev.millrace.producer.observe.TransactionEnd;
import dev.millrace.spring.ProducerWatch;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Hears of one producer, and counts what it hears for its client id. */
final class ClientWatch implements ProducerWatch {

    private final ClientMeters meters;
    private final Runnable whenOpened;
    private final Runnable whenClosed;

    ClientWatch(ClientMeters meters, Runnable whenOpened, Runnable whenClosed) {
        this.meters = meters;
        this.whenOpened = whenOpened;
        this.whenClosed = whenClosed;
    }

    @Override
    public void onOpened(Supplier<CompletableFuture<PipelineSnapshot>> source) {
        meters.lookAt(source);
        whenOpened.run();
    }

    @Override
    public void onRecordRefused(RecordRefusal refusal) {
        meters.counts.recordRefused(refusal);
        meters.factory.recordRefused(refusal);
    }

    @Override
    public void onBufferWait(BufferWait wait) {
        meters.counts.bufferWaited(wait);
    }

    @Override
    public void onBatchEnded(BatchEnd batch) {
        meters.counts.batchEnded(batch);
        meters.stages.batchEnded(batch);
        meters.factory.batchEnded(batch);
    }

    @Override
    public void onBatchRetried(BatchRetry retry) {
        meters.counts.batchRetried(retry);
    }

    @Override
    public void onBatchSplit(BatchSplit split) {
        meters.counts.batchSplit();
    }

    @Override
    public void onRequestEnded(RequestEnd request) {
        meters.counts.requestEnded(request);
    }

    @Override
    public void onConnectionChanged(ConnectionChange change) {
        meters.counts.connectionChanged(change);
    }

    @Override
    public void onAuthentication(AuthenticationEnd authentication) {
        meters.counts.authenticationEnded(authentication);
    }

    @Override
    public void onTransaction(TransactionEnd transaction) {
        meters.counts.transactionEnded(transaction);
        meters.factory.transactionEnded(transaction);
    }

    @Override
    public void onEngineError(EngineError error) {
        meters.stages.engineFailed();
    }

    @Override
    public void onClosed(CloseReport report) {
        whenClosed.run();
    }
}
