package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The transactions of one producer. */
public final class TransactionManager implements Transactions {

    private final TransactionParts parts;

    private @Nullable RecordFlow records; // null only while the producer is being assembled

    /** Nothing happens before {@link #init}. */
    public TransactionManager(TransactionParts parts) {
        this.parts = parts;
    }

    /** Says where the records are. Once, before anything else happens. */
    public void attach(RecordFlow flow) {
        records = flow;
    }

    /** What the sender asks before it sends. */
    public DrainGate gate() {
        throw new UnsupportedOperationException();
    }

    /** What stamps batches; the listener hears of each new identity, on the event loop. */
    public Idempotence idempotence(IdentitySource.Listener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> init() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> begin() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> sendOffsets(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<TransactionOutcome> commit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<TransactionOutcome> abort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TransactionState state() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable ProducerException enterSend() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void leaveSend() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void recordFailed(ProducerException failure) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> end() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
