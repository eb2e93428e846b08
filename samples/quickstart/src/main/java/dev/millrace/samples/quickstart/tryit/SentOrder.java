package dev.millrace.samples.quickstart.tryit;

import dev.millrace.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What the sending side knows of an order.
 *
 * @param number its number in the run; orders of one sender were sent in the order of their numbers
 * @param sender the thread that sent it
 * @param way how it was sent
 * @param acknowledged where the producer says it is, or null if it says nothing of the kind
 * @param failure why it was not delivered, or null if nobody said that it was not
 */
record SentOrder(long number, String sender, Way way, @Nullable Place acknowledged, @Nullable String failure) {

    static SentOrder unanswered(long number, String sender, Way way) {
        return new SentOrder(number, sender, way, null, null);
    }

    SentOrder withPlace(Place place) {
        return new SentOrder(number, sender, way, place, null);
    }

    SentOrder withFailure(String reason) {
        return new SentOrder(number, sender, way, null, reason);
    }

    boolean isAcknowledged() {
        return acknowledged != null;
    }

    boolean isFailed() {
        return failure != null;
    }

    /** The partition it was acknowledged in, or -1. */
    int partition() {
        return acknowledged == null ? RecordMetadata.UNKNOWN_PARTITION : acknowledged.partition();
    }
}
