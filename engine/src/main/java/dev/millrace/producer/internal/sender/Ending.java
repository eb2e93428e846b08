package dev.millrace.producer.internal.sender;

/** Why nothing more is delivered by a producer. */
enum Ending {
    /** Its user has closed it. */
    CLOSED,
    /** The event loop has ended underneath it. */
    LOOP_ENDED
}
