package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * A record of a {@code sendAll}, which listeners and whoever observes it know as they know one of {@code send}.
 *
 * @param given the record as the source has it
 * @param operation null if nobody observes it
 * @param pending tells of its end; as a future it is nobody's
 */
record FollowedSend<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerRecord<K, V> given, @Nullable SendOperation<K, V> operation, PendingSend<K, V> pending)
        implements RecordFollower.Followed<K, V> {

    @Override
    public ProducerRecord<K, V> record() {
        return operation == null ? given : operation.record();
    }

    @Override
    public void run(Runnable step) {
        if (operation == null) {
            step.run();
        } else {
            operation.runSend(step);
        }
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
        pending.onCompletion(metadata, failure);
    }

    @Override
    public void dropped() {
        if (operation != null) {
            operation.refused();
        }
    }
}
