package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one record's way: the user's future, which is also the record's entry in its batch, and the user's callback.
 * The only class that completes a user's future.
 *
 * <p>Created by the caller's thread, linked into a batch under the lock of its partition queue, completed on the delivery
 * executor. Whether the record's fate is settled is the batch's knowledge; a future the user cancelled stays cancelled
 * and changes nothing here.
 */
public final class RecordCompletion extends CompletableFuture<RecordMetadata> {

    private static final Logger LOG = LoggerFactory.getLogger(RecordCompletion.class);

    private static final long NO_TIMESTAMP = -1; // of a record that failed before it got one

    private final @Nullable SendCallback callback; // null for a send without one
    private long timestampMillis = NO_TIMESTAMP;
    private int keyBytes = RecordMetadata.NULL_SIZE;
    private int valueBytes = RecordMetadata.NULL_SIZE;
    private int grownBytes; // written by the thread that appends, for itself

    @Nullable RecordCompletion next; // the following record of the batch

    /** An open end. */
    public RecordCompletion(@Nullable SendCallback callback) {
        this.callback = callback;
    }

    /** Whether user code runs before the future completes. */
    public boolean hasCallback() {
        return callback != null;
    }

    /** A callback that stands for others. */
    public interface NamedCallback extends SendCallback {

        /** Whose code runs, for messages. */
        String name();
    }

    /** Whose code runs when the record ends, for messages. */
    String callbackName() {
        if (callback == null) {
            return "what is chained to a future";
        }
        return callback instanceof NamedCallback named
                ? named.name()
                : callback.getClass().getName();
    }

    /** What the metadata will say of the record itself. */
    public void describe(long timestamp, int serializedKeyBytes, int serializedValueBytes) {
        timestampMillis = timestamp;
        keyBytes = serializedKeyBytes;
        valueBytes = serializedValueBytes;
    }

    /** The record was appended; for the thread that did it. */
    void appended(int bytes) {
        grownBytes = bytes;
    }

    /** By how much the record's batch has grown, a new batch's header included. To be asked by the thread that appended. */
    public int grownBytes() {
        return grownBytes;
    }

    /**
     * The record is delivered.
     *
     * @param logAppendTimeMillis the broker's time on topics that use it, else -1
     */
    public void deliver(String topic, int partition, long offset, long logAppendTimeMillis) {
        long timestamp = logAppendTimeMillis >= 0 ? logAppendTimeMillis : timestampMillis;
        RecordMetadata metadata = new RecordMetadata(topic, partition, offset, timestamp, keyBytes, valueBytes);
        if (callback != null) {
            tell(callback, metadata, null);
        }
        complete(metadata);
    }

    /** The record has failed. The partition is {@link RecordMetadata#UNKNOWN_PARTITION} if none was chosen. */
    public void fail(String topic, int partition, ProducerException failure) {
        if (callback != null) {
            RecordMetadata metadata = new RecordMetadata(
                    topic, partition, RecordMetadata.NO_OFFSET, timestampMillis, keyBytes, valueBytes);
            tell(callback, metadata, failure);
        }
        completeExceptionally(failure);
    }

    /** The following record of the batch; forgotten here, or whoever keeps one future would keep all later ones alive. */
    @Nullable RecordCompletion takeNext() {
        RecordCompletion following = next;
        next = null;
        return following;
    }

    @SuppressWarnings(
            "CatchAndPrintStackTrace") // not what happens here: user code must not stop the deliveries behind it
    private static void tell(SendCallback callback, RecordMetadata metadata, @Nullable ProducerException failure) {
        try {
            callback.onCompletion(metadata, failure);
        } catch (Throwable e) {
            LOG.error(
                    "callback failed: callback={} record={}",
                    callback.getClass().getName(),
                    metadata,
                    e);
        }
    }
}
