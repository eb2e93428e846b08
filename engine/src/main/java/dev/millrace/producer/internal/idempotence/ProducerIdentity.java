package dev.millrace.producer.internal.idempotence;

import org.jspecify.annotations.Nullable;

/**
 * What the cluster calls a producer (KIP-98).
 *
 * @param producerId unique in the cluster
 * @param producerEpoch the epoch it was given with
 * @param clusterId which cluster that is, null if it does not say
 */
public record ProducerIdentity(long producerId, short producerEpoch, @Nullable String clusterId) {

    /** What stands for no id on the wire. */
    public static final long NO_ID = -1;
}
