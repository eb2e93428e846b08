package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** What a refused request does to the transaction it belongs to. */
@EventLoopOnly
final class TransactionDamage {

    private final TransactionCore core;

    TransactionDamage(TransactionCore core) {
        this.core = core;
    }

    /** Makes the transaction abort-only, or ends the producer. */
    ProducerException refused(
            OpenTransaction transaction, Inquiry inquiry, ErrorCode error, Reaction reaction, Words words) {
        ProducerException failure =
                switch (reaction) {
                    case CHECK_FENCING -> {
                        transaction.suspectFencing();
                        yield core.failures().superseded(inquiry, error, words.progress());
                    }
                    case FATAL -> core.failures().fatal(inquiry, error, words.progress());
                    default -> core.failures().abortable(inquiry, error, words);
                };
        core.door().fail(failure);
        if (reaction == Reaction.FATAL) {
            core.life().fail(failure);
        }
        return failure;
    }

    /**
     * For messages.
     *
     * @param what what was asked for
     * @param topics names of those that were refused, with commas between; may be empty
     * @param group the group whose offsets were refused, else empty
     * @param progress how the request went
     */
    record Words(String what, String topics, String group, String progress) {

        /** For a request about nothing in particular. */
        static Words of(String progress) {
            return new Words("", "", "", progress);
        }
    }
}
