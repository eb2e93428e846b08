package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.protocol.ApiKey;

/** How a transaction is carried out; the same from its begin to its end. */
enum Protocol {
    /** The producer tells the coordinator of each partition and group before it is used (KIP-98). */
    CLASSIC(11, 4, 4),
    /** Brokers tell it, and every transaction has an epoch of its own (KIP-890, {@code transaction.version} 2). */
    IMPLICIT(ApiKey.PRODUCE.versions().max(), 5, 5);

    private static final short FIRST_IMPLICIT_TRANSACTION_VERSION = 2;

    private final short maxProduce;
    private final short maxOffsetCommit;
    private final short maxEnd;

    Protocol(int maxProduce, int maxOffsetCommit, int maxEnd) {
        this.maxProduce = (short) maxProduce;
        this.maxOffsetCommit = (short) maxOffsetCommit;
        this.maxEnd = (short) maxEnd;
    }

    static Protocol of(short transactionVersion) {
        return transactionVersion >= FIRST_IMPLICIT_TRANSACTION_VERSION ? IMPLICIT : CLASSIC;
    }

    /** The newest version of Produce that belongs to it. */
    short maxProduce() {
        return maxProduce;
    }

    /** The newest version of TxnOffsetCommit that belongs to it; of {@link #IMPLICIT} also the oldest. */
    short maxOffsetCommit() {
        return maxOffsetCommit;
    }

    /** The newest version of EndTxn that belongs to it; of {@link #IMPLICIT} also the oldest. */
    short maxEnd() {
        return maxEnd;
    }
}
