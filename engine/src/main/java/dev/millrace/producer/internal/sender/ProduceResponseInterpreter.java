package dev.millrace.producer.internal.sender;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;

/** Turns answers into outcomes. Pure: no clock, no state, no logging. */
final class ProduceResponseInterpreter {

    private ProduceResponseInterpreter() {}

    /** What a partition's result means. */
    static BatchOutcome interpret(PartitionResult result) {
        ErrorCode error = result.error();
        switch (ProduceErrors.reactionTo(error)) {
            case ACKNOWLEDGE:
                return acknowledged(result);
            case RETRY:
                return new BatchOutcome.Retry(error, detail(result), false, ProduceErrors.mayHaveBeenWritten(error));
            case REFRESH_AND_RETRY:
                return new BatchOutcome.Retry(error, detail(result), true, ProduceErrors.mayHaveBeenWritten(error));
            case SPLIT:
                return new BatchOutcome.TooLarge(error);
            case NEW_EPOCH:
                return new BatchOutcome.OutOfSequence(error);
            case REJECT:
            default:
                return new BatchOutcome.Rejected(error, result.errorMessage(), result.recordErrors());
        }
    }

    private static BatchOutcome acknowledged(PartitionResult result) {
        // a broker that calls the batch a duplicate has forgotten where it put the first copy
        boolean forgotten = result.error() == ErrorCode.DUPLICATE_SEQUENCE_NUMBER;
        return new BatchOutcome.Acknowledged(
                forgotten ? RecordMetadata.NO_OFFSET : result.baseOffset(), result.logAppendTimeMillis());
    }

    private static String detail(PartitionResult result) {
        String message = result.errorMessage();
        return message == null || message.isEmpty() ? result.error().toString() : result.error() + " (" + message + ")";
    }
}
