package dev.millrace.benchmarks.transactions;

/** What the application has written down about a transaction, last of all. */
enum Fate {
    /** It began, and the application was killed before it learned more: committed as a whole, or not at all. */
    BEGUN,
    /** The outcome was reported as unknown, and the application was killed before that was resolved. */
    UNKNOWN,
    /** Reported as committed, at once or when it was resolved. */
    COMMITTED,
    /** Reported as aborted, by the application's own wish or because something failed. */
    ABORTED,
    /** Reported as taken over by another producer, which there is none of: a fault. */
    FENCED;

    /** Whether readers of committed data may or may not see it, as long as they see all of it or nothing. */
    boolean isOpen() {
        return this == BEGUN || this == UNKNOWN;
    }
}
