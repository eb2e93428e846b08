package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest.TopicPartitions;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.TopicErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes partitions part of the open transaction before anything is sent to them. Partitions that ask in one pass of the
 * sender are added by one request; those that ask while it is under way, by the next one. With the implicit protocol the
 * brokers do it, and everything may be sent.
 */
@EventLoopOnly
final class Enrolment implements DrainGate {

    // the coordinator is writing the markers of the transaction before, which takes milliseconds
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final TransactionCore core;
    private final IdentityRenewal renewal;
    private final TransactionDamage damage;
    private final Set<TopicPartition> asked = new LinkedHashSet<>(); // and not yet in a request

    private @Nullable OpenTransaction transaction; // null before the first one
    private @Nullable Addition addition; // null unless a request is under way
    private boolean askScheduled;
    private boolean refusalScheduled;

    Enrolment(TransactionCore core, IdentityRenewal renewal, TransactionDamage damage) {
        this.core = core;
        this.renewal = renewal;
        this.damage = damage;
    }

    void begin(OpenTransaction begun) {
        transaction = begun;
    }

    @Override
    public boolean admits(TopicPartition partition) {
        OpenTransaction current = transaction;
        if (current == null) {
            return false;
        }
        return switch (core.life().state()) {
            case IN_TRANSACTION, COMMITTING -> isEnrolled(current, partition) || ask(partition);
            case ABORT_ONLY -> isEnrolled(current, partition) || refuse();
            default -> false;
        };
    }

    @Override
    public boolean isEnding() {
        return switch (core.life().state()) {
            case ABORTING, FAILED, CLOSED -> true;
            default -> false;
        };
    }

    /** Adds nothing more. */
    void stop() {
        asked.clear();
        Addition underWay = addition;
        addition = null;
        if (underWay != null) {
            underWay.cancel();
        }
    }

    private boolean isEnrolled(OpenTransaction current, TopicPartition partition) {
        return current.protocol() == Protocol.IMPLICIT || current.has(partition);
    }

    private boolean ask(TopicPartition partition) {
        boolean isUnderWay = addition != null && addition.partitions.contains(partition);
        if (!isUnderWay && asked.add(partition)) {
            askSoon();
        }
        return false;
    }

    /** Nothing is added to a transaction that will be aborted; what waits for it fails instead of waiting for the abort. */
    private boolean refuse() {
        ProducerException cause = core.door().failure();
        if (!refusalScheduled && cause != null) {
            refusalScheduled = true;
            core.loop().execute(() -> {
                refusalScheduled = false;
                core.records().failUnsent(core.failures().abortOnly(cause));
            });
        }
        return false;
    }

    private void askSoon() {
        if (!askScheduled && addition == null) {
            askScheduled = true;
            core.loop()
                    .execute(
                            () -> { // after the pass in which the partitions ask
                                askScheduled = false;
                                askNow();
                            });
        }
    }

    private void askNow() {
        OpenTransaction current = transaction;
        if (current == null || addition != null || asked.isEmpty() || isEnding()) {
            return;
        }
        Addition next = new Addition(current, new LinkedHashSet<>(asked));
        asked.clear();
        addition = next;
        next.ask();
    }

    /** One request and what comes of it. */
    private final class Addition
            implements CoordinatorRequest.Exchange<AddPartitionsToTxnResponse>, IdentityRenewal.Listener {

        private final OpenTransaction to;
        private final Set<TopicPartition> partitions;
        private final Map<TopicPartition, ErrorCode> refused = new LinkedHashMap<>();
        private @Nullable CoordinatorRequest<AddPartitionsToTxnResponse> request; // null while an identity is fetched

        Addition(OpenTransaction to, Set<TopicPartition> partitions) {
            this.to = to;
            this.partitions = partitions;
        }

        void ask() {
            request = core.ask(this);
        }

        void cancel() {
            renewal.leave(this);
            if (request != null) {
                request.cancel();
                if (request.isDoubtful()) {
                    to.doubt();
                }
            }
        }

        @Override
        public Inquiry inquiry() {
            return Inquiry.PARTITIONS;
        }

        @Override
        public ApiRequest<AddPartitionsToTxnResponse> request() {
            Map<String, List<Integer>> byTopic = new TreeMap<>();
            for (TopicPartition partition : partitions) {
                byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                        .add(partition.partition());
            }
            List<TopicPartitions> topics = new ArrayList<>(byTopic.size());
            byTopic.forEach((topic, numbers) -> topics.add(new TopicPartitions(topic, numbers)));
            return new AddPartitionsToTxnRequest(
                    core.settings().transactionalId(),
                    core.identity().producerId(),
                    core.identity().epoch(),
                    topics);
        }

        @Override
        public long shortPauseNanos(long backoffNanos) {
            return to.isEnrolled() ? backoffNanos : Math.min(FIRST_PAUSE_NANOS, backoffNanos);
        }

        @Override
        public ErrorCode take(AddPartitionsToTxnResponse response) {
            refused.clear();
            Set<TopicPartition> missing = new LinkedHashSet<>(partitions);
            for (TopicErrors topic : response.topics()) {
                for (TopicErrors.PartitionError each : topic.partitions()) {
                    TopicPartition partition = new TopicPartition(topic.name(), each.index());
                    missing.remove(partition);
                    if (each.error() != ErrorCode.NONE) {
                        refused.put(partition, each.error());
                    }
                }
            }
            missing.forEach(partition -> refused.put(partition, ErrorCode.UNKNOWN_SERVER_ERROR));
            return WorstError.of(inquiry(), refused.values());
        }

        @Override
        public void onEnd(AddPartitionsToTxnResponse response, ErrorCode error, Reaction reaction) {
            boolean nothingAtStake =
                    !to.isEnrolled() && !doubtful() && !core.identity().isUsed();
            if (reaction == Reaction.RENEW_IDENTITY && nothingAtStake) {
                request = null;
                renewal.ask(this);
                return;
            }
            addition = null;
            if (reaction == Reaction.DONE) {
                to.add(partitions);
                core.records().onAdmitted();
                askNow();
            } else {
                refused(error, reaction);
            }
        }

        @Override
        public void onNoCoordinator(ErrorCode error, Reaction reaction) {
            addition = null;
            refused(error, reaction);
        }

        @Override
        public boolean retriesUnsupported(UnsupportedApiException unsupported) {
            return true; // every broker that transactions work with speaks it
        }

        @Override
        public void onRenewed() {
            ask();
        }

        @Override
        public void onRefused(ErrorCode error, String progress) {
            addition = null;
            refused(error, TransactionReactions.to(Inquiry.PARTITIONS, error));
        }

        private boolean doubtful() {
            return to.isDoubtful() || (request != null && request.wasDoubtful());
        }

        private void refused(ErrorCode error, Reaction reaction) {
            if (doubtful()) {
                to.doubt();
            }
            String progress = request == null ? "" : request.describe();
            Set<TopicPartition> decisive = decisive(error);
            String topics =
                    decisive.stream().map(TopicPartition::topic).distinct().collect(Collectors.joining(","));
            damage.refused(
                    to,
                    inquiry(),
                    error,
                    reaction,
                    new TransactionDamage.Words("partitions=" + decisive, topics, "", progress));
        }

        /** The partitions that are refused for the reason that decides; the others only because of them. */
        private Set<TopicPartition> decisive(ErrorCode error) {
            Set<TopicPartition> named = new LinkedHashSet<>();
            refused.forEach((partition, each) -> {
                if (each == error) {
                    named.add(partition);
                }
            });
            return named.isEmpty() ? partitions : named;
        }
    }
}
