package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** Hears of the identities of a transactional id. */
@EventLoopOnly
@FunctionalInterface
interface IdentityListener {

    /** There is another identity, or with an error none. */
    void onIdentity(long producerId, ErrorCode error);
}
