package dev.millrace.producer.observe;

/**
 * Where the time of a batch went, from the acceptance of its first record to the end of its last callback. Nanoseconds; a
 * stage that the batch did not reach or did not need has 0.
 *
 * @param metadataNanos its first record waited for the cluster to describe the topic
 * @param lingerNanos the batch waited for more records
 * @param queueNanos it was ready and waited for its turn: for a producer id, a connection, room in flight, compression
 * @param inFlightNanos it was sent and not answered, all attempts together
 * @param retryNanos it waited to be sent again, all waits together
 * @param callbackNanos its outcome waited for the delivery executor, and its callbacks ran
 */
public record StageTimes(
        long metadataNanos,
        long lingerNanos,
        long queueNanos,
        long inFlightNanos,
        long retryNanos,
        long callbackNanos) {

    /** The whole time. */
    public long totalNanos() {
        return metadataNanos + lingerNanos + queueNanos + inFlightNanos + retryNanos + callbackNanos;
    }
}
