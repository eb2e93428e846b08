package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** Hears of the identities of a transactional id. */
@EventLoopOnly
@FunctionalInterface
interface IdentityListener {

    /** The producer has another identity. */
    void onIdentity(long producerId);
}
