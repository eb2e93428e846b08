package dev.millrace.producer.internal.transaction;

/**
 * What of the configuration transactions need.
 *
 * @param clientId name of the producer in logs
 * @param transactionalId what connects it with the producers before and after it, not empty
 * @param timeoutMillis when the coordinator gives up on a transaction that is not ended
 * @param maxBlockNanos how long a call may take
 */
public record TransactionSettings(String clientId, String transactionalId, int timeoutMillis, long maxBlockNanos) {

    /** What every log line starts with. */
    String logPrefix() {
        return "[producer=" + clientId + " txn=" + transactionalId + "]";
    }
}
