package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ProducerException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one producer, as the caller's side sees them. Any thread; futures complete on the delivery executor,
 * each at the latest when {@code max-block} has passed.
 */
public interface Transactions {

    /** See {@code TransactionalProducer}. */
    CompletableFuture<Void> init();

    /** See {@code TransactionalProducer}. */
    CompletableFuture<Void> begin();

    /** See {@code TransactionalProducer}. */
    CompletableFuture<Void> sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group);

    /** See {@code TransactionalProducer}. */
    CompletableFuture<TransactionOutcome> commit();

    /** See {@code TransactionalProducer}. */
    CompletableFuture<TransactionOutcome> abort();

    /** Where it stands. */
    TransactionState state();

    /**
     * A send begins. Until {@link #leaveSend}, which follows whatever is returned, commit and abort wait, so that the record
     * belongs to this transaction or to none.
     *
     * @return null, or why the record cannot be accepted: what has made the transaction abort-only
     * @throws IllegalStateException if no transaction is open; then {@link #leaveSend} must not be called
     */
    @Nullable ProducerException enterSend();

    /** The send has accepted or refused its record. */
    void leaveSend();

    /** A record has failed, before its future says so: its transaction can only be aborted. */
    void recordFailed(ProducerException failure);

    /**
     * Ends what is open, for a producer that closes: awaits a commit that has begun, aborts a transaction that is open.
     *
     * @return completes when nothing is open any more; never fails
     */
    CompletableFuture<Void> end();

    /** Asks nobody any more. What waits ends with what is known. Event loop, after the records have ended. */
    void close();
}
