package dev.millrace.producer.internal.client;

/**
 * What of the configuration the caller's side of transactions needs.
 *
 * @param clientId for messages
 * @param transactionalId the id that connects producers
 * @param timeoutMillis when the coordinator aborts a transaction, for messages
 * @param maxBlockNanos the longest wait of a call
 */
public record TransactionalSettings(String clientId, String transactionalId, long timeoutMillis, long maxBlockNanos) {}
