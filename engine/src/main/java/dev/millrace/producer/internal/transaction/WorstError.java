package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import java.util.Collection;
import java.util.List;

/** Which of the errors of one answer decides what follows. Pure. */
final class WorstError {

    private static final List<Reaction> WORST_FIRST = List.of(
            Reaction.FATAL,
            Reaction.CHECK_FENCING,
            Reaction.RENEW_IDENTITY,
            Reaction.REFUSED,
            Reaction.ABORT,
            Reaction.FIND_AND_RETRY,
            Reaction.RETRY,
            Reaction.RETRY_SOON,
            Reaction.DONE);

    private WorstError() {}

    /** NONE if there is none. OPERATION_NOT_ATTEMPTED follows from the error of another partition, and decides last. */
    static ErrorCode of(Inquiry inquiry, Collection<ErrorCode> errors) {
        ErrorCode worst = ErrorCode.NONE;
        for (ErrorCode error : errors) {
            if (worst == ErrorCode.NONE || worst == ErrorCode.OPERATION_NOT_ATTEMPTED) {
                worst = error == ErrorCode.NONE ? worst : error;
            } else if (error != ErrorCode.OPERATION_NOT_ATTEMPTED && rank(inquiry, error) < rank(inquiry, worst)) {
                worst = error;
            }
        }
        return worst;
    }

    private static int rank(Inquiry inquiry, ErrorCode error) {
        return WORST_FIRST.indexOf(TransactionReactions.to(inquiry, error));
    }
}
