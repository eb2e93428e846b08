package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of transactions, as the coordinators of Kafka 4.3 do (KIP-98, KIP-360, KIP-890), but that the marks
 * at the end of a transaction are written at once. Guarded by the cluster's lock.
 */
final class TransactionCoordinator {

    static final long NO_PRODUCER_ID = -1;
    static final short NO_EPOCH = -1;

    private static final short LAST_EPOCH = Short.MAX_VALUE - 1;
    private static final int MAX_TIMEOUT_MILLIS = 900_000;

    private final ProducerIds producerIds;
    private final Topology topology;
    private final GroupOffsets offsets;
    private final Map<String, Entry> entries = new HashMap<>();

    TransactionCoordinator(ProducerIds producerIds, Topology topology, GroupOffsets offsets) {
        this.producerIds = producerIds;
        this.topology = topology;
        this.offsets = offsets;
    }

    /** Where a transactional id stands. */
    enum Phase {
        EMPTY,
        ONGOING,
        COMMITTED,
        ABORTED
    }

    /** What is known of a transactional id. */
    private static final class Entry {
        private long producerId;
        private long previousProducerId = NO_PRODUCER_ID;
        private short epoch = NO_EPOCH;
        private short lastEpoch = NO_EPOCH; // with which its producer may ask again
        private Phase phase = Phase.EMPTY;
        private final Set<TopicPartition> partitions = new LinkedHashSet<>();
        private final Set<String> groups = new LinkedHashSet<>();

        private Entry(long producerId) {
            this.producerId = producerId;
        }

        private boolean belongsTo(Identity producer) {
            return producerId == producer.producerId;
        }
    }

    /**
     * A producer id and its epoch; -1 for none.
     *
     * @param producerId the producer id
     * @param epoch its epoch
     */
    record Identity(long producerId, short epoch) {

        static final Identity NONE = new Identity(NO_PRODUCER_ID, NO_EPOCH);
    }

    /**
     * An answer that has an identity if nothing is wrong.
     *
     * @param error NONE, or why there is none
     * @param identity the identity to go on with
     */
    record Decision(ErrorCode error, Identity identity) {

        static Decision refuse(ErrorCode error) {
            return new Decision(error, Identity.NONE);
        }
    }

    /** Answers InitProducerId; an identity that is given is to be bumped. */
    Decision initialise(String transactionalId, int timeoutMillis, Identity current) {
        if (transactionalId.isEmpty() || (current.producerId < 0) != (current.epoch < 0)) {
            return Decision.refuse(ErrorCode.INVALID_REQUEST);
        }
        if (timeoutMillis <= 0 || timeoutMillis > MAX_TIMEOUT_MILLIS) {
            return Decision.refuse(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        Entry entry = entries.computeIfAbsent(transactionalId, id -> new Entry(producerIds.next()));
        boolean isBump = current.producerId >= 0;
        if (isBump && !isPlausible(entry, current)) {
            return Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        if (entry.phase == Phase.ONGOING) {
            fence(entry);
            return Decision.refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        if (isBump && entry.epoch != NO_EPOCH && current.epoch != entry.epoch) {
            return current.epoch == entry.lastEpoch ? initialised(entry) : Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        short last = isBump ? entry.epoch : NO_EPOCH;
        bump(entry);
        entry.lastEpoch = last;
        return initialised(entry);
    }

    private static boolean isPlausible(Entry entry, Identity current) {
        return entry.epoch == NO_EPOCH
                || entry.belongsTo(current)
                || (entry.previousProducerId == current.producerId && current.epoch >= LAST_EPOCH);
    }

    private static Decision initialised(Entry entry) {
        entry.phase = Phase.EMPTY;
        return new Decision(ErrorCode.NONE, identity(entry));
    }

    private static Identity identity(Entry entry) {
        return new Identity(entry.producerId, entry.epoch);
    }

    private void bump(Entry entry) {
        if (entry.epoch >= LAST_EPOCH) {
            entry.previousProducerId = entry.producerId;
            entry.producerId = producerIds.next();
            entry.epoch = 0;
        } else {
            entry.epoch++;
        }
    }

    /** Makes partitions and groups part of a transaction, which begins with the first of them. */
    ErrorCode enrol(
            String transactionalId, Identity producer, Collection<TopicPartition> partitions, Set<String> groups) {
        Entry entry = entries.get(transactionalId);
        if (entry == null || !entry.belongsTo(producer)) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (entry.epoch != producer.epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        entry.phase = Phase.ONGOING;
        entry.partitions.addAll(partitions);
        entry.groups.addAll(groups);
        return ErrorCode.NONE;
    }

    /** Whether the partition takes part in a transaction of the producer. */
    ErrorCode verify(String transactionalId, Identity producer, TopicPartition partition) {
        Entry entry = entries.get(transactionalId);
        return verify(entry, producer, entry != null && entry.partitions.contains(partition));
    }

    /** Whether the offsets of a group take part in a transaction of the producer. */
    ErrorCode verify(String transactionalId, Identity producer, String groupId) {
        Entry entry = entries.get(transactionalId);
        return verify(entry, producer, entry != null && entry.groups.contains(groupId));
    }

    private static ErrorCode verify(@Nullable Entry entry, Identity producer, boolean isEnrolled) {
        if (entry == null || !entry.belongsTo(producer)) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (entry.epoch != producer.epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return isEnrolled ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    }

    /** Answers EndTxn below version 5: the epoch stays. */
    ErrorCode end(String transactionalId, Identity producer, boolean commits) {
        Entry entry = entries.get(transactionalId);
        if (entry == null || !entry.belongsTo(producer)) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (entry.epoch != producer.epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        if (entry.phase == Phase.ONGOING) {
            end(entry, commits);
            return ErrorCode.NONE;
        }
        return isEndedLike(entry, commits) ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
    }

    /** Answers EndTxn from version 5 on: the next transaction gets another epoch, and the end may be asked for again. */
    Decision endAndBump(String transactionalId, Identity producer, boolean commits) {
        Entry entry = entries.get(transactionalId);
        if (entry == null || !(entry.belongsTo(producer) || isRetryOverOverflow(entry, producer))) {
            return Decision.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        if (entry.belongsTo(producer) && entry.epoch == producer.epoch) {
            return endNow(entry, commits);
        }
        boolean isRetry = isRetryOverOverflow(entry, producer) || entry.epoch == producer.epoch + 1;
        if (!isRetry || entry.phase == Phase.EMPTY || entry.phase == Phase.ONGOING) {
            return Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        return isEndedLike(entry, commits)
                ? new Decision(ErrorCode.NONE, identity(entry))
                : Decision.refuse(ErrorCode.INVALID_TXN_STATE);
    }

    private static boolean isRetryOverOverflow(Entry entry, Identity producer) {
        return entry.previousProducerId == producer.producerId && producer.epoch == LAST_EPOCH && entry.epoch == 0;
    }

    private Decision endNow(Entry entry, boolean commits) {
        if (commits && entry.phase != Phase.ONGOING) {
            return Decision.refuse(ErrorCode.INVALID_TXN_STATE);
        }
        long producerId = entry.producerId;
        entry.lastEpoch = entry.epoch;
        mark(entry, producerId, (short) (entry.epoch + 1), commits);
        bump(entry);
        return new Decision(ErrorCode.NONE, identity(entry));
    }

    private static boolean isEndedLike(Entry entry, boolean commits) {
        return entry.phase == (commits ? Phase.COMMITTED : Phase.ABORTED);
    }

    /**
     * Ends a transaction as if it had taken too long: it is aborted and its epoch no longer valid.
     *
     * @throws IllegalArgumentException if no transaction is open
     */
    void timeOut(String transactionalId) {
        Entry entry = entries.get(transactionalId);
        if (entry == null || entry.phase != Phase.ONGOING) {
            throw new IllegalArgumentException("no open transaction: transactionalId=" + transactionalId);
        }
        fence(entry);
    }

    /** Forgets a transactional id, as when it has not been used for a week. */
    void forget(String transactionalId) {
        entries.remove(transactionalId);
    }

    Phase phase(String transactionalId) {
        Entry entry = entries.get(transactionalId);
        return entry == null ? Phase.EMPTY : entry.phase;
    }

    private void fence(Entry entry) {
        entry.lastEpoch = entry.epoch;
        entry.epoch++;
        end(entry, false);
    }

    private void end(Entry entry, boolean commits) {
        mark(entry, entry.producerId, entry.epoch, commits);
    }

    private void mark(Entry entry, long producerId, short epoch, boolean commits) {
        for (TopicPartition each : entry.partitions) {
            TopicState topic = topology.findTopic(each.topic());
            TopicState.PartitionState partition = topic == null ? null : topic.partition(each.partition());
            if (partition != null) {
                partition.log().mark(producerId, epoch, commits, partition.leaderEpoch());
            }
        }
        entry.groups.forEach(group -> offsets.end(group, producerId, commits));
        entry.partitions.clear();
        entry.groups.clear();
        entry.phase = commits ? Phase.COMMITTED : Phase.ABORTED;
    }
}
