package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A send that somebody follows: that ends before the future completes, and goes on around what is chained to it. */
final class InstrumentedSend<K extends @Nullable Object, V extends @Nullable Object> extends PendingSend<K, V> {

    private final SendOperation<K, V> operation;

    InstrumentedSend(
            SendSurroundings<K, V> surroundings,
            ProducerRecord<K, V> record,
            @Nullable ProducerTransaction<K, V> transaction,
            SendOperation<K, V> operation) {
        super(surroundings, record, transaction);
        this.operation = operation;
    }

    @Override
    void deliver(SendResult<K, V> result) {
        operation.stop(result.metadata(), null);
        finish(() -> super.deliver(result));
    }

    @Override
    void giveUp(SendFailedException failure) {
        operation.stop(null, failure.getCause() == null ? failure : failure.getCause());
        finish(() -> super.giveUp(failure));
    }

    private void finish(Runnable completion) {
        if (getNumberOfDependents() == 0) {
            completion.run();
        } else {
            operation.runContinuations(completion);
        }
    }
}
