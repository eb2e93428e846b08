package dev.millrace.producer.internal.idempotence;

/**
 * What the cluster calls a producer (KIP-98).
 *
 * @param producerId unique in the cluster
 * @param producerEpoch the epoch it was given with
 */
public record ProducerIdentity(long producerId, short producerEpoch) {}
