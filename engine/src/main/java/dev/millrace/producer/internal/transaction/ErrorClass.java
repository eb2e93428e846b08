package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;

/** What an application can do about an error in a transaction (KIP-1050). */
enum ErrorClass {
    /** The same may succeed later. */
    RETRIABLE(Recovery.RETRY),
    /** The same may succeed once the client knows more of the cluster. */
    REFRESH_RETRIABLE(Recovery.RETRY),
    /** Abort the transaction, and begin another one. */
    ABORTABLE(Recovery.RETRY),
    /** Close this producer, or the consumer whose offsets these are, and open another one. */
    APPLICATION_RECOVERABLE(Recovery.NEW_PRODUCER),
    /** Something has to be set right first. */
    INVALID_CONFIGURATION(Recovery.CHANGE_CONFIGURATION),
    /** None of these. */
    OTHER(Recovery.NEW_PRODUCER);

    private final Recovery recovery;

    ErrorClass(Recovery recovery) {
        this.recovery = recovery;
    }

    /** What to tell the caller. */
    Recovery recovery() {
        return recovery;
    }

    static ErrorClass of(ErrorCode error) {
        return switch (error) {
            case TRANSACTION_ABORTABLE -> ABORTABLE;
            case PRODUCER_FENCED,
                    INVALID_PRODUCER_EPOCH,
                    INVALID_PRODUCER_ID_MAPPING,
                    FENCED_INSTANCE_ID,
                    UNKNOWN_MEMBER_ID,
                    ILLEGAL_GENERATION -> APPLICATION_RECOVERABLE;
            case SASL_AUTHENTICATION_FAILED,
                    ILLEGAL_SASL_STATE,
                    UNSUPPORTED_SASL_MECHANISM,
                    TOPIC_AUTHORIZATION_FAILED,
                    GROUP_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    INVALID_TRANSACTION_TIMEOUT,
                    UNSUPPORTED_VERSION,
                    UNSUPPORTED_FOR_MESSAGE_FORMAT,
                    INVALID_TOPIC_EXCEPTION,
                    RECORD_LIST_TOO_LARGE,
                    INVALID_REQUIRED_ACKS,
                    INVALID_RECORD -> INVALID_CONFIGURATION;
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> REFRESH_RETRIABLE;
            default -> ofOther(error);
        };
    }

    private static ErrorClass ofOther(ErrorCode error) {
        if (error.asksForFreshMetadata()) {
            return REFRESH_RETRIABLE;
        }
        return error.isRetriable() ? RETRIABLE : OTHER;
    }
}
