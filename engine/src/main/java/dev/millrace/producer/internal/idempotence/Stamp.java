package dev.millrace.producer.internal.idempotence;

/**
 * What a batch carries so that a broker can recognise it.
 *
 * @param producerId the producer's id, -1 without idempotence
 * @param producerEpoch the epoch, -1 without idempotence
 * @param baseSequence sequence of the first record, -1 without idempotence
 */
public record Stamp(long producerId, short producerEpoch, int baseSequence) {

    /** The stamp of a batch that is not protected. */
    public static final Stamp NONE = new Stamp(-1, (short) -1, -1);
}
