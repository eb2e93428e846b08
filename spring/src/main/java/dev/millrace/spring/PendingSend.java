package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * The future a caller gets, which is also the engine's callback for the record and what completes it where the template's
 * continuations run: one object per send besides the result.
 *
 * <p>The end of a record, in this order: the engine's interceptors, the transaction it is part of, the listeners,
 * whoever observes it, the future. With direct continuations the future is complete before the engine counts the record as done. Cancelling it
 * touches nothing of the engine's.
 */
class PendingSend<K extends @Nullable Object, V extends @Nullable Object> extends SendFuture<SendResult<K, V>>
        implements SendCallback, Runnable {

    private final SendSurroundings<K, V> surroundings;
    private final ProducerRecord<K, V> record;
    private final @Nullable ProducerTransaction<K, V> transaction; // what the record is part of; null if of nothing

    private @Nullable Object
            outcome; // RecordMetadata or SendFailedException, set before run: a field less for each send

    PendingSend(
            SendSurroundings<K, V> surroundings,
            ProducerRecord<K, V> record,
            @Nullable ProducerTransaction<K, V> transaction) {
        this.surroundings = surroundings;
        this.record = record;
        this.transaction = transaction;
    }

    @Override
    final Continuations continuations() {
        return surroundings.continuations();
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable ProducerException cause) {
        if (cause == null) {
            outcome = metadata;
        } else {
            failWith(new SendFailedException(surroundings.factory().getName(), record, metadata.partition(), cause));
        }
        surroundings.continuations().run(record.topic(), metadata.partition(), this);
    }

    /** Fails the future here and now with the one exception type a send fails with. */
    void fail(int partition, ProducerException cause) {
        failWith(new SendFailedException(surroundings.factory().getName(), record, partition, cause));
        run();
    }

    /** As {@link #fail(int, ProducerException)}, for a record the engine never saw. */
    void fail(ProducerOperationException cause) {
        failWith(new SendFailedException(surroundings.factory().getName(), record, cause));
        run();
    }

    /** The transaction hears at once: its commit may be next. */
    private void failWith(SendFailedException why) {
        outcome = why;
        if (transaction != null) {
            transaction.sendFailed(why);
        }
    }

    /** Tells everybody, the future last. */
    @Override
    public final void run() {
        Object end = outcome;
        if (end instanceof RecordMetadata metadata) {
            surroundings.listeners().tellDelivered(record, metadata);
            deliver(new SendResult<>(record, metadata));
        } else if (end instanceof SendFailedException failure) {
            surroundings.listeners().tellFailed(record, failure);
            giveUp(failure);
        }
    }

    /** Completes the future. */
    void deliver(SendResult<K, V> result) {
        complete(result);
    }

    /** Fails the future. */
    void giveUp(SendFailedException why) {
        completeExceptionally(why);
    }
}
