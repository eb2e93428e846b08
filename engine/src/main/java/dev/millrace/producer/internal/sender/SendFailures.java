package dev.millrace.producer.internal.sender;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import java.util.concurrent.TimeUnit;

/** Words for what ends a batch badly: what was attempted, who, the numbers, the cause, what to do. Pure. */
final class SendFailures {

    private static final String LOOP_ENDED = "event loop of the producer ended";
    private static final String LOOP_ENDED_REMEDY = "; close the producer and open a new one";
    private static final String INTERNAL_REMEDY = "; the producer goes on, please report the error with its stack";

    private final SenderSettings settings;

    SendFailures(SenderSettings settings) {
        this.settings = settings;
    }

    /** The broker refuses the batch. */
    ProducerException rejected(DrainedBatch batch, BatchOutcome.Rejected outcome) {
        String words = outcome.message() == null ? "" : " (" + outcome.message() + ")";
        return refused(batch, outcome.cause(), "record rejected by node " + batch.lastNode(), words);
    }

    /** The broker refuses the batch because of some of its records, of which this may be one. */
    ProducerException rejected(DrainedBatch batch, BatchOutcome.Rejected outcome, int index) {
        if (outcome.recordErrors().isEmpty()) {
            return rejected(batch, outcome);
        }
        for (RecordError error : outcome.recordErrors()) {
            if (error.batchIndex() == index) {
                String words = error.message() == null ? "" : " (" + error.message() + ")";
                return refused(batch, outcome.cause(), "record rejected by node " + batch.lastNode(), words);
            }
        }
        String words = " (it shares a batch with " + outcome.recordErrors().size() + " records the broker refuses)"
                + written(batch) + "; sent again it may succeed";
        return new RetriableException(
                "record not taken by node " + batch.lastNode() + ": " + who(batch.batch()) + " error=" + outcome.cause()
                        + words,
                details(batch, outcome.cause(), Recovery.RETRY),
                null);
    }

    /** A single record, or a batch that must not be split, is larger than the broker takes. */
    ProducerException tooLarge(DrainedBatch batch, ErrorCode cause) {
        return refused(
                batch,
                cause,
                "record too large for node " + batch.lastNode(),
                " size=" + batch.batch().sizeBytes() + " B");
    }

    /** A batch of a transaction does not continue what the broker has of its producer, and never will. */
    ProducerException outOfSequence(DrainedBatch batch, ErrorCode cause) {
        return new RecordRejectedException(
                "record does not continue what node " + batch.lastNode() + " has of the transaction: "
                        + who(batch.batch()) + " error=" + cause + written(batch)
                        + "; the transaction can only be aborted, do its work again in a new one",
                details(batch, cause, Recovery.RETRY),
                null);
    }

    /** The transaction ends without the batch, which was sent before and is not acknowledged. */
    ProducerException endedWithItsTransaction(DrainedBatch batch, ProducerException why) {
        return new ProducerException(
                "transaction ended before the record was acknowledged: " + who(batch.batch()) + " attempts="
                        + batch.attempts() + last(batch) + "; readers of committed records will not see it; "
                        + why.getMessage(),
                new FailureDetails(
                        batch.lastError(),
                        batch.wasSent() ? Stage.IN_FLIGHT : Stage.QUEUE,
                        why.recovery(),
                        batch.mayHaveBeenWritten()),
                why);
    }

    /** All tries are used up. */
    ProducerException retriesExhausted(DrainedBatch batch) {
        return new RetriableException(
                "record not delivered after " + batch.attempts() + " attempts: " + who(batch.batch()) + last(batch)
                        + "; limit " + Setting.RETRIES + "=" + settings.retries() + written(batch)
                        + remedy(batch),
                details(batch, batch.lastError(), Recovery.RETRY),
                null);
    }

    /** The delivery timeout passed while the batch was under way. */
    ProducerException timedOut(DrainedBatch batch) {
        return new DeliveryTimeoutException(
                "record not delivered within " + deliveryTimeoutMillis() + " ms: " + who(batch.batch())
                        + (batch.isInFlight() ? " state=in flight" : " state=between attempts") + " attempts="
                        + batch.attempts() + last(batch) + "; limit " + Setting.DELIVERY_TIMEOUT + written(batch)
                        + remedy(batch),
                details(batch, batch.lastError(), Recovery.RETRY),
                null);
    }

    /** The delivery timeout passed before the batch was first sent. */
    ProducerException timedOutInQueue(ProducerBatch batch, Obstacle obstacle) {
        return new DeliveryTimeoutException(
                "record not sent within " + deliveryTimeoutMillis() + " ms: " + who(batch) + " obstacle="
                        + obstacle.what() + "; limit " + Setting.DELIVERY_TIMEOUT + "; the record was not written; "
                        + obstacle.remedy(),
                new FailureDetails(obstacle.error(), Stage.QUEUE, Recovery.RETRY, false),
                null);
    }

    /** A batch that must go first has not been taken yet. */
    static Obstacle behind(DrainedBatch earlier) {
        return new Obstacle(
                "an earlier batch of the partition is not acknowledged: attempts=" + earlier.attempts() + last(earlier),
                earlier.lastError(),
                remedyFor(earlier));
    }

    /** The cluster gives the producer no identity. */
    ProducerException identityRefused(ProducerBatch batch, ErrorCode error) {
        ProduceErrors.Remedy remedy = ProduceErrors.remedyFor(error);
        return refused(
                batch,
                "no producer id for an idempotent send: " + who(batch) + " error=" + error
                        + "; the record was not written",
                new FailureDetails(error, Stage.QUEUE, remedy.recovery(), false));
    }

    /** As above, for a batch that was sent before and needs another identity. */
    ProducerException identityRefused(DrainedBatch batch, ErrorCode error) {
        return refused(batch, error, "no producer id to go on with after the epochs of the last one were used up", "");
    }

    /** An error of ours, or of the JVM, while the batch was under way. */
    ProducerException internal(DrainedBatch batch, Throwable thrown) {
        return new ProducerException(
                internal(batch.batch(), " attempts=" + batch.attempts() + last(batch), thrown)
                        + written(batch)
                        + INTERNAL_REMEDY,
                details(batch, batch.lastError(), Recovery.RETRY),
                thrown);
    }

    /** An error of ours, or of the JVM, before the batch was sent. */
    ProducerException internal(ProducerBatch batch, Throwable thrown) {
        return new ProducerException(
                internal(batch, "", thrown) + "; the record was not written" + INTERNAL_REMEDY,
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                thrown);
    }

    /** The broker does not speak what is needed. */
    ProducerException unsupported(DrainedBatch batch, int node, RuntimeException cause) {
        return new RecordRejectedException(
                "record cannot be sent to node " + node + ": " + who(batch.batch()) + written(batch) + "; "
                        + cause.getMessage(),
                details(batch, ErrorCode.UNSUPPORTED_VERSION, Recovery.CHANGE_CLUSTER),
                cause);
    }

    /** The batch could not be brought into a form in which it can be sent. */
    ProducerException unsendable(ProducerBatch batch, Throwable cause) {
        return new RetriableException(
                "record could not be prepared for sending: " + who(batch) + " cause=" + cause
                        + "; if memory is short raise the JVM's limit for direct memory or lower "
                        + Setting.BUFFER_MEMORY,
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                cause);
    }

    /** The producer ends with the batch under way. */
    ProducerException ended(DrainedBatch batch, Ending ending) {
        String facts = " before the record was acknowledged: " + who(batch.batch()) + " attempts=" + batch.attempts()
                + last(batch) + written(batch);
        FailureDetails details = details(batch, batch.lastError(), Recovery.NEW_PRODUCER);
        return ending == Ending.CLOSED
                ? new ProducerClosedException(
                        "producer closed" + facts + "; close with a longer timeout to wait for the brokers",
                        details,
                        null)
                : new FatalProducerException(LOOP_ENDED + facts + LOOP_ENDED_REMEDY, details, null);
    }

    /** The producer ends before the batch was sent. */
    ProducerException ended(ProducerBatch batch, Ending ending) {
        if (ending == Ending.LOOP_ENDED) {
            return new FatalProducerException(
                    LOOP_ENDED + " before the record was sent: " + who(batch) + LOOP_ENDED_REMEDY,
                    FailureDetails.local(Stage.QUEUE, Recovery.NEW_PRODUCER),
                    null);
        }
        return new ProducerClosedException(
                "producer closed before the record was sent: " + who(batch)
                        + "; close with a longer timeout to deliver what is queued",
                FailureDetails.local(Stage.QUEUE, Recovery.NEW_PRODUCER),
                null);
    }

    private String internal(ProducerBatch batch, String attempts, Throwable thrown) {
        return "record not delivered because of an internal error: " + who(batch) + attempts + " cause=" + thrown;
    }

    private ProducerException refused(DrainedBatch batch, ErrorCode error, String what, String words) {
        ProduceErrors.Remedy remedy = ProduceErrors.remedyFor(error);
        return refused(
                batch.batch(),
                what + ": " + who(batch.batch()) + " error=" + error + words + written(batch),
                details(batch, error, remedy.recovery()));
    }

    private static ProducerException refused(ProducerBatch batch, String what, FailureDetails details) {
        ErrorCode error = details.errorCode();
        Permission missing = ProduceErrors.missing(error, batch.topicPartition().topic());
        return missing == null
                ? new RecordRejectedException(
                        what + "; " + ProduceErrors.remedyFor(error).text(), details, null)
                : new AuthorizationException(what + "; " + ProduceErrors.remedyFor(missing), details, missing, null);
    }

    private static FailureDetails details(DrainedBatch batch, ErrorCode error, Recovery recovery) {
        Stage stage = batch.wasSent() ? Stage.IN_FLIGHT : Stage.QUEUE;
        return new FailureDetails(error, stage, recovery, batch.mayHaveBeenWritten());
    }

    private String who(ProducerBatch batch) {
        return "producer=" + settings.clientId() + " topic="
                + batch.topicPartition().topic() + " partition="
                + batch.topicPartition().partition() + " batch=" + batch.recordCount() + " records";
    }

    private static String last(DrainedBatch batch) {
        if (batch.lastError() == ErrorCode.NONE) {
            return batch.wasSent() ? " last=no answer from node " + batch.lastNode() : "";
        }
        return " last=" + batch.lastDetail() + " node=" + batch.lastNode();
    }

    private static String written(DrainedBatch batch) {
        return batch.mayHaveBeenWritten() ? "; the record may have been written" : "; the record was not written";
    }

    private static String remedy(DrainedBatch batch) {
        return "; " + remedyFor(batch);
    }

    private static String remedyFor(DrainedBatch batch) {
        boolean answered = batch.lastError() != ErrorCode.NONE
                && batch.lastError() != ErrorCode.NETWORK_EXCEPTION
                && batch.lastError() != ErrorCode.REQUEST_TIMED_OUT;
        return answered ? ProduceErrors.remedyFor(batch.lastError()).text() : Obstacle.REACH_THE_NODE;
    }

    private long deliveryTimeoutMillis() {
        return TimeUnit.NANOSECONDS.toMillis(settings.deliveryTimeoutNanos());
    }
}
