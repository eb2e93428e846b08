package dev.millrace.producer.internal.network;

import org.jspecify.annotations.Nullable;

/**
 * The first four bytes of a frame, which say how long it is. Whoever is on the other side if not a Kafka broker gives
 * itself away here. Pure.
 */
final class FrameSize {

    /** The largest frame that is believed. */
    static final int MAX_BYTES = 100 * 1024 * 1024;

    private static final int HTTP = 0x48545450; // "HTTP"
    private static final int TLS_ALERT_VERSION_3 = 0x1503; // content type alert, major version 3

    private FrameSize() {}

    /** What is wrong with a size, in words for a user; null if it can be right. */
    static @Nullable String problemOf(int sizeField) {
        if (sizeField == HTTP) {
            return "an HTTP server answers here, not a Kafka broker";
        }
        if (sizeField >>> 16 == TLS_ALERT_VERSION_3) {
            return "the broker speaks TLS here: wrong port or security protocol";
        }
        if (sizeField < 0) {
            return "not a Kafka broker: frame size=" + sizeField + " B";
        }
        return sizeField > MAX_BYTES
                ? "not a Kafka broker, or a response too large: frame size=" + sizeField + " B limit=" + MAX_BYTES
                        + " B"
                : null;
    }
}
