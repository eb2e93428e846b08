package dev.millrace.spring.inspection;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.IdentityChange;
import dev.millrace.producer.observe.MetadataRefresh;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.spring.ProducerWatch;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An engine producer that is open, and what was last heard of it. Safe for use by any number of threads. */
public final class OpenProducer implements ProducerWatch {

    /**
     * Something that went wrong and was not followed by a delivery.
     *
     * @param code the broker's word, {@link ErrorCode#NONE} if no broker had one
     * @param message for a human; neither contents of records nor secrets
     */
    public record Failure(ErrorCode code, String message) {}

    private final String clientId;
    private final @Nullable String transactionalId;
    private final LongSupplier nanoTime;
    private final long openedNanos;
    private final Collection<OpenProducer> siblings;

    private volatile @Nullable RecentSnapshot snapshots; // null until it is open
    private volatile @Nullable Failure failure; // null if the last batch was delivered
    private volatile @Nullable String clusterId; // null until the cluster has said
    private volatile int nodes;

    /** One that is about to open. It is among its siblings as long as it is open. */
    OpenProducer(
            String clientId,
            @Nullable String transactionalId,
            LongSupplier nanoTime,
            Collection<OpenProducer> siblings) {
        this.clientId = clientId;
        this.transactionalId = transactionalId;
        this.nanoTime = nanoTime;
        this.openedNanos = nanoTime.getAsLong();
        this.siblings = siblings;
    }

    /** What brokers see in logs and quotas. */
    public String clientId() {
        return clientId;
    }

    /** Null for the shared producer. */
    public @Nullable String transactionalId() {
        return transactionalId;
    }

    /** What the cluster calls itself; null if it has not been heard of. */
    public @Nullable String clusterId() {
        return clusterId;
    }

    /** How many nodes the cluster has, as far as known. */
    public int nodes() {
        return nodes;
    }

    /** How long it has been open, in nanoseconds. */
    public long ageNanos() {
        return nanoTime.getAsLong() - openedNanos;
    }

    /** The last failure, unless something was delivered after it. */
    public @Nullable Failure failure() {
        return failure;
    }

    /**
     * The pipeline as it is, asked for without any broker.
     *
     * @param patienceMillis how long to wait if the application's callbacks hold the snapshot up
     * @return the last snapshot there was if there is no new one in time; null if there never was one
     */
    public @Nullable PipelineSnapshot look(long patienceMillis) {
        RecentSnapshot open = snapshots;
        return open == null ? null : open.look(patienceMillis);
    }

    @Override
    public void onOpened(Supplier<CompletableFuture<PipelineSnapshot>> source) {
        snapshots = new RecentSnapshot(source, nanoTime);
        siblings.add(this);
    }

    @Override
    public void onBatchEnded(BatchEnd batch) {
        ProducerException failed = batch.failure();
        failure = failed == null ? null : failure(failed);
    }

    @Override
    public void onRecordRefused(RecordRefusal refusal) {
        failure = failure(refusal.failure());
    }

    @Override
    public void onIdentity(IdentityChange change) {
        if (change.error() != ErrorCode.NONE) {
            failure = new Failure(change.error(), "the cluster gives no producer id: " + change.error());
        }
    }

    @Override
    public void onMetadata(MetadataRefresh refresh) {
        nodes = refresh.nodes();
        if (refresh.clusterId() != null) {
            clusterId = refresh.clusterId();
        }
    }

    @Override
    public void onClosed(CloseReport report) {
        siblings.remove(this);
    }

    private static Failure failure(ProducerException failed) {
        return new Failure(failed.errorCode(), String.valueOf(failed.getMessage()));
    }
}
