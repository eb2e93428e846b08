package dev.millrace.producer.internal.transaction;

/** What an answer means for a request about a transaction. */
enum Reaction {
    /** It was carried out. */
    DONE,
    /** The same broker is asked again, after a backoff. */
    RETRY,
    /** The coordinator still ends the transaction before; it is asked again after a short while, always the same. */
    RETRY_SOON,
    /** The coordinator is looked up, and asked again. */
    FIND_AND_RETRY,
    /** The transaction can only be aborted; the producer goes on. */
    ABORT,
    /** Perhaps another producer has taken over. The transaction cannot be committed, and its abort finds that out. */
    CHECK_FENCING,
    /** The coordinator does not know the producer. It gets another identity unless somebody else has taken over. */
    RENEW_IDENTITY,
    /** Not until somebody changes something; the call may be made again. */
    REFUSED,
    /** The producer is of no further use. */
    FATAL;

    /** Whether the request is made again by itself. */
    boolean isRetry() {
        return this == RETRY || this == RETRY_SOON || this == FIND_AND_RETRY;
    }
}
