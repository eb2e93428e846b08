package dev.millrace.producer.internal.transaction;

/**
 * Who takes part in the end of a transaction.
 *
 * @param core what they have in common
 * @param enrolment adds partitions
 * @param offsets sends offsets
 * @param forgotten what becomes of a transaction whose id is forgotten
 * @param renewal gets the next identity
 * @param identities hears of identities
 */
record TransactionParticipants(
        TransactionCore core,
        Enrolment enrolment,
        OffsetsOfTransaction offsets,
        ForgottenIdentity forgotten,
        IdentityRenewal renewal,
        IdentityListener identities) {

    /** The identity of the next transaction. */
    void take(long producerId, short epoch) {
        core.identity().become(producerId, epoch);
        identities.onIdentity(producerId);
    }
}
