package dev.millrace.producer;

import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of one {@link Producer#sendAll}. {@code sent = delivered + failed}.
 *
 * @param sent records taken from the source and given to the producer
 * @param delivered those acknowledged as asked for by {@code acks}
 * @param failed those whose delivery failed, for whatever reason
 * @param firstFailure why the first of them failed; null if none did
 * @param stoppedBy why the source was not read to its end, besides a failed record: what the source itself threw or
 *     signalled, or that the producer closed; null if it was read to its end
 */
public record SendAllResult(
        long sent,
        long delivered,
        long failed,
        @Nullable ProducerException firstFailure,
        @Nullable Throwable stoppedBy) {

    /** Whether every record of the source is delivered. */
    public boolean isComplete() {
        return failed == 0 && stoppedBy == null;
    }
}
