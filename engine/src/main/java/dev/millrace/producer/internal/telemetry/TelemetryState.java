package dev.millrace.producer.internal.telemetry;

/** What a producer's telemetry is doing, under the names of KIP-714. */
enum TelemetryState {
    /** Waits for the time to ask the cluster what it wants. */
    SUBSCRIPTION_NEEDED,
    /** Has asked. */
    SUBSCRIPTION_IN_PROGRESS,
    /** Waits for the time to push. */
    PUSH_NEEDED,
    /** Makes or has sent a push. */
    PUSH_IN_PROGRESS,
    /** The producer closes while a push is under way; the last one follows it. */
    TERMINATING_PUSH_NEEDED,
    /** Makes or has sent the last push. */
    TERMINATING_PUSH_IN_PROGRESS,
    /** Does nothing any more. */
    TERMINATED
}
