package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * The future a caller gets, which is also the engine's callback for the record: one object per send besides the result.
 *
 * <p>As a callback it completes before the engine counts the record as done, so after a flush the futures are complete.
 * Cancelling it touches nothing of the engine's.
 */
class PendingSend<K extends @Nullable Object, V extends @Nullable Object> extends GuardedFuture<SendResult<K, V>>
        implements SendCallback {

    private final ProducerFactory<K, V> factory;
    private final ProducerRecord<K, V> record;
    private final @Nullable ProducerTransaction<K, V> transaction; // what the record is part of; null if of nothing

    PendingSend(
            ProducerFactory<K, V> factory,
            ProducerRecord<K, V> record,
            @Nullable ProducerTransaction<K, V> transaction) {
        this.factory = factory;
        this.record = record;
        this.transaction = transaction;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
        enterContinuations();
        try {
            if (failure == null) {
                deliver(new SendResult<>(record, metadata));
            } else {
                fail(metadata.partition(), failure);
            }
        } finally {
            leaveContinuations();
        }
    }

    /** Fails the future with the one exception type a send fails with. */
    void fail(int partition, ProducerException failure) {
        fail(new SendFailedException(factory.getName(), record, partition, failure));
    }

    /** As {@link #fail(int, ProducerException)}, for a record the engine never saw. */
    void fail(ProducerOperationException failure) {
        fail(new SendFailedException(factory.getName(), record, failure));
    }

    private void fail(SendFailedException failure) {
        if (transaction != null) {
            transaction.sendFailed(failure);
        }
        giveUp(failure);
    }

    /** Completes the future. */
    void deliver(SendResult<K, V> result) {
        complete(result);
    }

    /** Fails the future. */
    void giveUp(SendFailedException failure) {
        completeExceptionally(failure);
    }
}
