package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;

/** A batch a broker does not append, with what the broker answers. */
final class RefusedBatchException extends RuntimeException {

    /** Stands for the batch as a whole. */
    static final int NO_RECORD = -1;

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;
    private final int recordIndex;

    RefusedBatchException(ErrorCode error, String message) {
        this(error, NO_RECORD, message);
    }

    RefusedBatchException(ErrorCode error, int recordIndex, String message) {
        super(message);
        this.error = error;
        this.recordIndex = recordIndex;
    }

    ErrorCode error() {
        return error;
    }

    /** The record that is the reason, or {@link #NO_RECORD}. */
    int recordIndex() {
        return recordIndex;
    }
}
