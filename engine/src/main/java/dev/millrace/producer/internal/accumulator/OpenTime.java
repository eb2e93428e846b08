package dev.millrace.producer.internal.accumulator;

import java.util.concurrent.TimeUnit;

/**
 * How long a batch takes records. All of them fail together, once the last one has had its delivery timeout; so this is how
 * much later than its own deadline the first one may fail. It is short for that reason, and not shorter because many small
 * batches take more memory and more requests than a few large ones when the cluster comes back.
 *
 * @param maxNanos from the acceptance of its first record a batch takes others for no longer than this
 * @param lookNanos how often the loop looks at a partition with an open batch: when its last record was accepted is known
 *     up to this
 */
public record OpenTime(long maxNanos, long lookNanos) {

    private static final int SHARE = 20;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int LOOKS = 4;
    private static final int LOOKS_IN_LINGER = 20;

    /** Batches take records for ever. */
    static final OpenTime UNLIMITED = new OpenTime(Long.MAX_VALUE, 0);

    /** For records with this delivery timeout; a batch lingers as long as it was told to, even if that is longer. */
    public static OpenTime of(long deliveryTimeoutNanos, long lingerNanos) {
        long wantedNanos = Math.min(deliveryTimeoutNanos / SHARE, LONGEST_NANOS);
        long lookNanos = Math.max(wantedNanos / LOOKS, lingerNanos / LOOKS_IN_LINGER);
        return new OpenTime(Math.max(wantedNanos, lingerNanos + lookNanos), lookNanos);
    }

    /** Whether a batch may take records until the next look, its first record having been accepted so long ago. */
    boolean allows(long ageNanos) {
        return ageNanos <= maxNanos - lookNanos;
    }
}
