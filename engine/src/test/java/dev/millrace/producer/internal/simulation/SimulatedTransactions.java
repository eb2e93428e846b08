package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What transaction coordinators decide (Kafka 4.3; KIP-98, 360, 588, 890), wherever they run: of each transactional id the
 * producer id and epoch in force, the transaction, and the marks that end it.
 *
 * <pre>
 * transactions.markersTake(() -&gt; Duration.ofMillis(30));   // CONCURRENT_TRANSACTIONS until then
 * transactions.holdMarkers();                              // or until releaseMarkers()
 * transactions.forget("orders-tx-0");                      // the id has expired
 * </pre>
 */
public final class SimulatedTransactions {

    private static final int MAX_TIMEOUT_MILLIS = 900_000;
    private static final int FIRST_LEVEL_WITH_EPOCH_BUMP = 2;

    private final SimulatedEventLoop loop;
    private final LongSupplier producerIds;
    private final Marks marks;
    private final Map<String, CoordinatedId> ids = new HashMap<>();
    private final List<Runnable> heldMarkers = new ArrayList<>();
    private Supplier<Duration> markerDelay = () -> Duration.ZERO;
    private boolean holdsMarkers;
    private int level;
    private int timeouts;
    private int takeovers;

    SimulatedTransactions(SimulatedEventLoop loop, LongSupplier producerIds, Marks marks) {
        this.loop = loop;
        this.producerIds = producerIds;
        this.marks = marks;
    }

    /** Where the end of a transaction is written to. */
    interface Marks {

        /** Into the log of a partition, if it still exists. */
        void writeTo(TopicPartition partition, long producerId, short epoch, boolean commits);

        /** Among the offsets of a group. */
        void writeTo(String groupId, long producerId, boolean commits);
    }

    /**
     * An answer that carries an identity.
     *
     * @param error NONE, or why there is no identity
     * @param producerId the producer id to use, -1 for none
     * @param epoch its epoch, -1 for none
     */
    record Identity(ErrorCode error, long producerId, short epoch) {

        static Identity refused(ErrorCode error) {
            return new Identity(error, CoordinatedId.NO_PRODUCER_ID, CoordinatedId.NO_EPOCH);
        }
    }

    /** The level of transaction.version, by which coordinators end what nobody else ends. */
    void level(int newLevel) {
        level = newLevel;
    }

    /** From now on each mark is written that long after the end of its transaction. */
    public void markersTake(Supplier<Duration> delay) {
        markerDelay = delay;
    }

    /** From now on no mark is written. */
    public void holdMarkers() {
        holdsMarkers = true;
    }

    /** Writes what was held. */
    public void releaseMarkers() {
        holdsMarkers = false;
        List<Runnable> released = List.copyOf(heldMarkers);
        heldMarkers.clear();
        released.forEach(Runnable::run);
    }

    /** Where a transactional id stands. */
    public TransactionPhase phase(String id) {
        return known(id).phase;
    }

    /** Whether the id may expire: it is known, and nothing is open or being ended. */
    public boolean isIdle(String id) {
        CoordinatedId known = ids.get(id);
        return known != null && known.phase != TransactionPhase.ONGOING && !known.phase.isPrepared();
    }

    /** How often somebody without an identity has taken an id over. */
    public int takeovers() {
        return takeovers;
    }

    /** How many transactions were aborted because they took too long. */
    public int timeouts() {
        return timeouts;
    }

    /** The producer id in force. */
    public long producerId(String id) {
        return known(id).producerId;
    }

    /** The epoch in force. */
    public short epoch(String id) {
        return known(id).epoch;
    }

    /** Puts an id into an epoch it would need many transactions to reach; only while nothing is open. */
    public void epoch(String id, int epoch) {
        known(id).epoch = (short) epoch;
    }

    /** The partitions that take part in the open transaction. */
    public Set<TopicPartition> partitions(String id) {
        return Set.copyOf(known(id).partitions);
    }

    /** The id has expired: nobody knows it. */
    public void forget(String id) {
        ids.remove(id);
    }

    private CoordinatedId known(String id) {
        CoordinatedId known = ids.get(id);
        if (known == null) {
            throw new AssertionError("no such transactional id: " + id);
        }
        return known;
    }

    Identity initProducerId(String id, int timeoutMillis, long producerId, short epoch) {
        boolean isBump = producerId != CoordinatedId.NO_PRODUCER_ID;
        if (id.isEmpty() || isBump != (epoch != CoordinatedId.NO_EPOCH)) {
            return Identity.refused(ErrorCode.INVALID_REQUEST);
        }
        if (timeoutMillis <= 0 || timeoutMillis > MAX_TIMEOUT_MILLIS) {
            return Identity.refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        CoordinatedId known = ids.computeIfAbsent(id, each -> new CoordinatedId(each, producerIds.getAsLong()));
        if (known.phase.isPrepared()) {
            return Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        if (isBump && !isPlausible(known, producerId, epoch)) {
            return Identity.refused(ErrorCode.PRODUCER_FENCED);
        }
        if (known.phase == TransactionPhase.ONGOING) {
            takeovers += isBump ? 0 : 1;
            fence(known);
            return Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        return isBump ? bump(known, epoch, timeoutMillis) : begin(known, timeoutMillis);
    }

    private static boolean isPlausible(CoordinatedId known, long producerId, short epoch) {
        return known.epoch == CoordinatedId.NO_EPOCH
                || producerId == known.producerId
                || (producerId == known.previousProducerId && epoch >= CoordinatedId.LAST_EPOCH);
    }

    /** Somebody starts with the id: whoever had it before can never ask again. */
    private Identity begin(CoordinatedId known, int timeoutMillis) {
        takeovers++;
        if (known.isExhausted()) {
            known.rotate(producerIds.getAsLong());
        } else {
            known.epoch++;
        }
        known.lastEpoch = CoordinatedId.NO_EPOCH;
        return initialised(known, timeoutMillis);
    }

    private Identity bump(CoordinatedId known, short expectedEpoch, int timeoutMillis) {
        if (known.epoch == CoordinatedId.NO_EPOCH || expectedEpoch == known.epoch) {
            short last = known.epoch;
            if (known.isExhausted()) {
                known.rotate(producerIds.getAsLong());
            } else {
                known.epoch++;
            }
            known.lastEpoch = last;
        } else if (expectedEpoch != known.lastEpoch) {
            return Identity.refused(ErrorCode.PRODUCER_FENCED);
        }
        return initialised(known, timeoutMillis);
    }

    private static Identity initialised(CoordinatedId known, int timeoutMillis) {
        known.timeoutMillis = timeoutMillis;
        known.phase = TransactionPhase.EMPTY;
        return new Identity(ErrorCode.NONE, known.producerId, known.epoch);
    }

    /** Makes partitions and groups part of a transaction, which begins with the first of them. */
    ErrorCode enrol(
            String id, long producerId, short epoch, Collection<TopicPartition> partitions, Collection<String> groups) {
        CoordinatedId known = ids.get(id);
        if (known == null || known.producerId != producerId) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.epoch != epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        if (known.phase.isPrepared()) {
            return ErrorCode.CONCURRENT_TRANSACTIONS;
        }
        known.partitions.addAll(partitions);
        known.groups.addAll(groups);
        if (known.phase != TransactionPhase.ONGOING) {
            known.phase = TransactionPhase.ONGOING;
            long transaction = ++known.transactions;
            loop.schedule(Duration.ofMillis(known.timeoutMillis).toNanos(), () -> timeOut(known, transaction));
        }
        return ErrorCode.NONE;
    }

    private void timeOut(CoordinatedId known, long transaction) {
        if (known.phase == TransactionPhase.ONGOING && known.transactions == transaction) {
            timeouts++;
            fence(known);
        }
    }

    /** Whether a transaction is open in which the partition takes part. */
    ErrorCode verify(String id, long producerId, short epoch, TopicPartition partition) {
        CoordinatedId known = ids.get(id);
        if (known == null || known.producerId != producerId) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.epoch != epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        if (known.phase.isPrepared()) {
            return ErrorCode.CONCURRENT_TRANSACTIONS;
        }
        return known.partitions.contains(partition) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    }

    /** As {@link #verify}, for the offsets of a group. */
    ErrorCode verify(String id, long producerId, short epoch, String groupId) {
        CoordinatedId known = ids.get(id);
        if (known == null || known.producerId != producerId) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.epoch != epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        return known.groups.contains(groupId) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE;
    }

    /** Ends a transaction in the old way: the epoch stays. */
    ErrorCode end(String id, long producerId, short epoch, boolean commits) {
        CoordinatedId known = ids.get(id);
        if (known == null || known.producerId != producerId) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        if (known.epoch != epoch) {
            return ErrorCode.PRODUCER_FENCED;
        }
        switch (known.phase) {
            case ONGOING -> {
                prepare(known, commits);
                return ErrorCode.NONE;
            }
            case PREPARE_COMMIT, PREPARE_ABORT -> {
                return ErrorCode.CONCURRENT_TRANSACTIONS; // whatever end it is: a change of state is under way
            }
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                return isSameEnd(known, commits) ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
            }
            default -> {
                return ErrorCode.INVALID_TXN_STATE;
            }
        }
    }

    /** Ends a transaction in the way of transaction.version 2: the answer has the identity of the next one. */
    Identity endAndBump(String id, long producerId, short epoch, boolean commits) {
        CoordinatedId known = ids.get(id);
        boolean isRetryOverOverflow = known != null
                && known.previousProducerId == producerId
                && epoch == CoordinatedId.LAST_EPOCH
                && known.epoch == 0;
        if (known == null || (known.producerId != producerId && !isRetryOverOverflow)) {
            return Identity.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        if (known.phase.isPrepared()) {
            return Identity.refused(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        boolean isRetry = isRetryOverOverflow || known.epoch == epoch + 1;
        boolean isCurrent = known.producerId == producerId && known.epoch == epoch;
        if (!isCurrent && !(isRetry && known.phase.isComplete())) {
            return Identity.refused(ErrorCode.PRODUCER_FENCED);
        }
        if (known.phase == TransactionPhase.ONGOING) {
            return endedAndBumped(known, commits);
        }
        if (isRetry) {
            return isSameEnd(known, commits)
                    ? new Identity(ErrorCode.NONE, known.producerId, known.epoch)
                    : Identity.refused(ErrorCode.INVALID_TXN_STATE);
        }
        return commits ? Identity.refused(ErrorCode.INVALID_TXN_STATE) : endedAndBumped(known, false);
    }

    private Identity endedAndBumped(CoordinatedId known, boolean commits) {
        if (known.isExhausted()) {
            known.nextProducerId = producerIds.getAsLong();
        }
        known.lastEpoch = known.epoch;
        known.epoch++;
        Identity next = known.nextProducerId == CoordinatedId.NO_PRODUCER_ID
                ? new Identity(ErrorCode.NONE, known.producerId, known.epoch)
                : new Identity(ErrorCode.NONE, known.nextProducerId, (short) 0);
        prepare(known, commits);
        return next;
    }

    private static boolean isSameEnd(CoordinatedId known, boolean commits) {
        return known.phase == (commits ? TransactionPhase.COMPLETE_COMMIT : TransactionPhase.COMPLETE_ABORT);
    }

    /** Aborts what its producer did not end. The producer may come back only where epochs are bumped by every end. */
    private void fence(CoordinatedId known) {
        known.lastEpoch = level >= FIRST_LEVEL_WITH_EPOCH_BUMP ? known.epoch : CoordinatedId.NO_EPOCH;
        if (known.epoch < Short.MAX_VALUE) {
            known.epoch++;
        }
        prepare(known, false);
    }

    private void prepare(CoordinatedId known, boolean commits) {
        known.phase = commits ? TransactionPhase.PREPARE_COMMIT : TransactionPhase.PREPARE_ABORT;
        long producerId = known.producerId;
        short epoch = known.epoch;
        for (TopicPartition partition : List.copyOf(known.partitions)) {
            later(() -> {
                marks.writeTo(partition, producerId, epoch, commits);
                known.partitions.remove(partition);
                completeIfMarked(known);
            });
        }
        for (String group : List.copyOf(known.groups)) {
            later(() -> {
                marks.writeTo(group, producerId, commits);
                known.groups.remove(group);
                completeIfMarked(known);
            });
        }
        completeIfMarked(known);
    }

    private void later(Runnable marker) {
        Runnable unlessHeld = () -> {
            if (holdsMarkers) {
                heldMarkers.add(marker);
            } else {
                marker.run();
            }
        };
        loop.schedule(markerDelay.get().toNanos(), unlessHeld);
    }

    private static void completeIfMarked(CoordinatedId known) {
        if (!known.partitions.isEmpty() || !known.groups.isEmpty()) {
            return;
        }
        known.phase = known.phase == TransactionPhase.PREPARE_COMMIT
                ? TransactionPhase.COMPLETE_COMMIT
                : TransactionPhase.COMPLETE_ABORT;
        if (known.nextProducerId != CoordinatedId.NO_PRODUCER_ID) {
            known.rotate(known.nextProducerId);
            known.nextProducerId = CoordinatedId.NO_PRODUCER_ID;
        }
    }
}
