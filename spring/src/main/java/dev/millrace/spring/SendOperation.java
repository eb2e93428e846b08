package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One send, seen from its start to its end.
 *
 * @param <K> type of the key
 * @param <V> type of the value
 */
public interface SendOperation<K extends @Nullable Object, V extends @Nullable Object> {

    /** What to send: the caller's record, or a copy with further headers. */
    ProducerRecord<K, V> record();

    /** Runs the send on the caller's thread: interceptors and serializers see what this puts around it. */
    void runSend(Runnable send);

    /** There was no buffer space for it, and nothing was accepted. */
    void refused();

    /**
     * It has ended. Called once, before the caller's future completes.
     *
     * @param metadata where the record is; null if it has failed
     * @param failure why it has failed; null if it is delivered
     */
    void stop(@Nullable RecordMetadata metadata, @Nullable Throwable failure);

    /** Runs what the application has chained to the future, right after {@link #stop}. */
    void runContinuations(Runnable completion);
}
