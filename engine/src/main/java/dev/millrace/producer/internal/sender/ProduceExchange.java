package dev.millrace.producer.internal.sender;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.metadata.LeaderHint;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.OneWayHandler;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.NodeEndpoint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.TopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One Produce request and what comes back for it: remembers which batches it carries and under which names the broker
 * will speak of them. Topic ids are resolved with the snapshot the request was built from, because the topic may be
 * created anew before the answer arrives (KAFKA-19397).
 */
@EventLoopOnly
final class ProduceExchange implements ResponseHandler<ProduceResponse>, OneWayHandler {

    private static final BatchOutcome WRITTEN = new BatchOutcome.Acknowledged(-1, -1);

    private final Map<TopicPartition, DrainedBatch> unanswered = new HashMap<>();
    private final Map<UUID, String> topicNames = new HashMap<>();
    private final Map<String, UUID> topicIds = new HashMap<>();
    private final ProduceRequest request;
    private final BrokerConnection connection;
    private final Owner owner;
    private boolean allTopicIdsKnown = true;

    ProduceExchange(
            SenderSettings settings,
            @Nullable String transactionalId,
            ClusterSnapshot cluster,
            BrokerConnection connection,
            List<DrainedBatch> batches,
            Owner owner) {
        this.connection = connection;
        this.owner = owner;
        Map<String, List<PartitionData>> byTopic = new LinkedHashMap<>();
        for (DrainedBatch drained : batches) {
            TopicPartition where = drained.batch().topicPartition();
            unanswered.put(where, drained);
            byTopic.computeIfAbsent(where.topic(), topic -> new ArrayList<>())
                    .add(new PartitionData(
                            where.partition(),
                            drained.batch().buffers(),
                            drained.batch().sizeBytes()));
        }
        List<TopicData> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((name, partitions) -> topics.add(new TopicData(name, topicId(cluster, name), partitions)));
        this.request = new ProduceRequest(transactionalId, settings.acks(), settings.requestTimeoutMillis(), topics);
    }

    /** Does what the outcomes ask for. */
    interface Owner {

        /** One batch's outcome. It is no longer in flight. */
        void onOutcome(DrainedBatch batch, BatchOutcome outcome);

        /** What the broker said of leaders other than itself. Before {@link #onExchangeEnded}. */
        void onLeaderHints(List<LeaderHint> hints);

        /** All batches have their outcomes. */
        void onExchangeEnded();

        /** The answer does not fit the request. */
        void onNonsense(BrokerConnection connection, String what);
    }

    ProduceRequest request() {
        return request;
    }

    /** Whether the request may name its topics by id (Produce v13 on). */
    boolean allTopicIdsKnown() {
        return allTopicIdsKnown;
    }

    @Override
    public void onResponse(ProduceResponse response) {
        List<LeaderHint> hints = new ArrayList<>();
        Map<Integer, BrokerAddress> endpoints = endpoints(response);
        try {
            for (TopicResult topic : response.topics()) {
                String name = topic.name().isEmpty() ? topicNames.get(topic.topicId()) : topic.name();
                for (PartitionResult result : topic.partitions()) {
                    if (answer(name, result) && name != null && hasHint(result)) {
                        hints.add(hint(name, result, endpoints));
                    }
                }
            }
        } finally {
            end(hints);
        }
    }

    private void end(List<LeaderHint> hints) {
        if (!unanswered.isEmpty()) {
            String missing = "the response to a Produce request lacks " + unanswered.keySet();
            failRest(new RequestFailure(RequestFailure.Kind.MALFORMED, missing, null, true));
            owner.onNonsense(connection, missing);
        }
        if (!hints.isEmpty()) {
            owner.onLeaderHints(hints);
        }
        owner.onExchangeEnded();
    }

    private static boolean hasHint(PartitionResult result) {
        return result.error().asksForFreshMetadata() && result.currentLeader().leaderId() >= 0;
    }

    private static Map<Integer, BrokerAddress> endpoints(ProduceResponse response) {
        Map<Integer, BrokerAddress> endpoints = new HashMap<>();
        for (NodeEndpoint endpoint : response.nodeEndpoints()) {
            endpoints.put(endpoint.nodeId(), new BrokerAddress(endpoint.host(), endpoint.port()));
        }
        return endpoints;
    }

    private LeaderHint hint(String topic, PartitionResult result, Map<Integer, BrokerAddress> endpoints) {
        return new LeaderHint(
                topic,
                topicIds.getOrDefault(topic, TopicIds.UNKNOWN),
                result.index(),
                result.currentLeader().leaderId(),
                result.currentLeader().leaderEpoch(),
                endpoints);
    }

    @Override
    public void onWritten() {
        List<DrainedBatch> written = new ArrayList<>(unanswered.values());
        unanswered.clear();
        written.forEach(batch -> owner.onOutcome(batch, WRITTEN));
        owner.onExchangeEnded();
    }

    @Override
    public void onFailure(RequestFailure failure) {
        failRest(failure);
        owner.onExchangeEnded();
    }

    /** Gives a batch its outcome, if the result belongs to one. */
    private boolean answer(@Nullable String topic, PartitionResult result) {
        BatchOutcome outcome = ProduceResponseInterpreter.interpret(result); // first: a batch taken out must have one
        DrainedBatch batch = topic == null || result.index() < 0
                ? null
                : unanswered.remove(new TopicPartition(topic, result.index()));
        if (batch == null) {
            owner.onNonsense(
                    connection,
                    "the response to a Produce request speaks of partition " + result.index() + " of topic " + topic
                            + ", which was not asked for or is there twice");
            return false;
        }
        owner.onOutcome(batch, outcome);
        return true;
    }

    private void failRest(RequestFailure failure) {
        List<DrainedBatch> rest = new ArrayList<>(unanswered.values());
        unanswered.clear();
        BatchOutcome outcome = unanswered(failure);
        rest.forEach(batch -> owner.onOutcome(batch, outcome));
    }

    private static BatchOutcome unanswered(RequestFailure failure) {
        ErrorCode stands = failure.kind() == RequestFailure.Kind.TIMED_OUT
                ? ErrorCode.REQUEST_TIMED_OUT
                : ErrorCode.NETWORK_EXCEPTION;
        return new BatchOutcome.Retry(stands, failure.detail(), true, failure.mayHaveReachedBroker());
    }

    private UUID topicId(ClusterSnapshot cluster, String name) {
        TopicSnapshot topic = cluster.topic(name);
        UUID id = topic == null ? TopicIds.UNKNOWN : topic.topicId();
        topicIds.put(name, id);
        boolean isUnique = topicNames.putIfAbsent(id, name) == null;
        if (id.equals(TopicIds.UNKNOWN) || !isUnique) { // one id for two topics would mix up their answers
            allTopicIdsKnown = false;
        }
        return id;
    }
}
