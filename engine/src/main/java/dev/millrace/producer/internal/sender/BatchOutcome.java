package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one partition's answer in a Produce response, or its absence, means for the batch. */
sealed interface BatchOutcome {

    /** Calls the handler's method for this outcome. */
    void deliverTo(DrainedBatch batch, Handler handler);

    /**
     * The batch is in the log.
     *
     * @param baseOffset offset of its first record, -1 if the broker told none
     * @param logAppendTimeMillis the broker's time on topics that use it, else -1
     */
    record Acknowledged(long baseOffset, long logAppendTimeMillis) implements BatchOutcome {
        @Override
        public void deliverTo(DrainedBatch batch, Handler handler) {
            handler.onAcknowledged(batch, this);
        }
    }

    /**
     * The same batch may succeed later.
     *
     * @param cause the broker's error; {@link ErrorCode#NETWORK_EXCEPTION} or {@link ErrorCode#REQUEST_TIMED_OUT} if it
     *     gave no answer
     * @param detail what happened, for messages
     * @param refreshMetadata whether the leader may be another one now
     * @param mayHaveBeenWritten whether the batch may be in the log
     */
    record Retry(ErrorCode cause, String detail, boolean refreshMetadata, boolean mayHaveBeenWritten)
            implements BatchOutcome {
        @Override
        public void deliverTo(DrainedBatch batch, Handler handler) {
            handler.onRetry(batch, this);
        }
    }

    /**
     * The batch is larger than the broker takes.
     *
     * @param cause the broker's error
     */
    record TooLarge(ErrorCode cause) implements BatchOutcome {
        @Override
        public void deliverTo(DrainedBatch batch, Handler handler) {
            handler.onTooLarge(batch, this);
        }
    }

    /**
     * The broker's view of the partition's sequences does not fit the batch, which was not appended.
     *
     * @param cause the broker's error
     */
    record OutOfSequence(ErrorCode cause) implements BatchOutcome {
        @Override
        public void deliverTo(DrainedBatch batch, Handler handler) {
            handler.onOutOfSequence(batch, this);
        }
    }

    /**
     * The broker will not take the batch.
     *
     * @param cause the broker's error
     * @param message the broker's words, or null
     * @param recordErrors the records it found fault with, empty if it named none (KIP-467)
     */
    record Rejected(ErrorCode cause, @Nullable String message, List<RecordError> recordErrors) implements BatchOutcome {
        @Override
        public void deliverTo(DrainedBatch batch, Handler handler) {
            handler.onRejected(batch, this);
        }
    }

    /** One method for each outcome: a new one breaks every handler at compile time. */
    interface Handler {
        void onAcknowledged(DrainedBatch batch, Acknowledged outcome);

        void onRetry(DrainedBatch batch, Retry outcome);

        void onTooLarge(DrainedBatch batch, TooLarge outcome);

        void onOutOfSequence(DrainedBatch batch, OutOfSequence outcome);

        void onRejected(DrainedBatch batch, Rejected outcome);
    }
}
