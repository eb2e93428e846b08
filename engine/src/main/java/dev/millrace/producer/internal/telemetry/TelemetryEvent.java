package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.errors.ErrorCode;

/** What happens to a producer's telemetry. */
enum TelemetryEvent {
    /** The time has come that was waited for. */
    DUE,
    /** The cluster wants metrics. */
    SUBSCRIBED,
    /** The cluster wants none. */
    NOTHING_SUBSCRIBED,
    /** The cluster has the push. */
    ACCEPTED,
    /** No answer, or one that asks for patience. */
    NOT_NOW,
    /** The subscription has changed since it was asked for. */
    OUTDATED,
    /** The cluster does not take telemetry, at least none of ours. */
    REFUSED,
    /** The producer closes and has time for a last push. */
    CLOSING,
    /** The producer is closed. */
    CLOSED;

    /** What an error means, whichever request it answers (KIP-714, error handling). */
    static TelemetryEvent of(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_SUBSCRIPTION_ID, UNSUPPORTED_COMPRESSION_TYPE -> OUTDATED;
            case TELEMETRY_TOO_LARGE, THROTTLING_QUOTA_EXCEEDED -> NOT_NOW;
            default -> REFUSED; // INVALID_REQUEST, INVALID_RECORD, UNSUPPORTED_VERSION and whatever nobody foresaw
        };
    }
}
