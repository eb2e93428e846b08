package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.ProducerIdentity;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer id and epoch of a transactional id, and the sequences of its partitions. All partitions have the same
 * epoch, and in another one all begin with sequence 0; while the epoch stays they go on through transactions, for brokers
 * remember them whether the transaction was committed or not.
 */
@EventLoopOnly
final class TransactionIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionIdentity.class);

    private final String logPrefix;
    private final Map<TopicPartition, TransactionalSequences> partitions = new HashMap<>();
    private long producerId = ProducerIdentity.NO_ID;
    private short epoch = -1;
    private boolean renewing;
    private boolean gap; // something stamped in this epoch has been given up
    private boolean stamped; // something, in the open transaction
    private boolean taken; // something, by a broker, in the open transaction

    TransactionIdentity(String logPrefix) {
        this.logPrefix = logPrefix;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** Whether batches can be stamped. */
    boolean isReady() {
        return producerId != ProducerIdentity.NO_ID && !renewing;
    }

    /** Whether a broker may miss something of this epoch, so that the next transaction cannot go on in it. */
    boolean hasGap() {
        return gap;
    }

    /** Whether anything of the open transaction may be on its way to a broker. */
    boolean isUsed() {
        return stamped;
    }

    /** A transaction begins. */
    void begin() {
        stamped = false;
        taken = false;
    }

    /** Whether a broker has taken, or may miss, anything of the open transaction. */
    boolean isBound() {
        return taken || gap;
    }

    /** Another identity is being fetched: nothing is stamped until it is there. */
    void renew() {
        renewing = true;
    }

    /** The identity from now on. Only while nothing stamped is under way. */
    void become(long newProducerId, short newEpoch) {
        LOG.debug("{} producer id {} epoch {}", logPrefix, newProducerId, newEpoch);
        producerId = newProducerId;
        epoch = newEpoch;
        renewing = false;
        gap = false;
        partitions.values().removeIf(TransactionalSequences::isForgotten);
        partitions.values().forEach(TransactionalSequences::reset);
    }

    TransactionalSequences sequencesOf(TopicPartition partition) {
        TransactionalSequences sequences =
                partitions.computeIfAbsent(partition, created -> new TransactionalSequences(this));
        sequences.remember();
        return sequences;
    }

    void onStamped() {
        stamped = true;
    }

    void onAcknowledged() {
        taken = true;
    }

    void onAbandoned() {
        gap = true;
    }
}
