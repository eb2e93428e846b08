package dev.millrace.producer.internal.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.NodeEndpoint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.record.RecordBatchReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Brokers that behave like a cluster: they know leaders and topics, hand out producer ids and keep logs. Nodes are
 * numbered from 1; the logs are shared, as if every replica were always in sync.
 *
 * <pre>
 * cluster.topic("orders", 1, 2);                                      // leaders of partitions 0 and 1
 * cluster.failNext("orders", 0, ErrorCode.NOT_ENOUGH_REPLICAS);       // once, then all is well
 * cluster.onProduce(call -&gt; call.request().closeConnection());         // or do something else with requests
 * cluster.moveLeader("orders", 0, 2);
 * </pre>
 */
public final class SimulatedCluster {

    private static final int PORT = 9092;
    private static final long FIRST_PRODUCER_ID = 1000;

    private final SimulatedTransport network;
    private final List<SimulatedBroker> brokers = new ArrayList<>();
    private final Map<Integer, String> racks = new HashMap<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, ErrorCode> topicErrors = new HashMap<>();
    private final Map<TopicPartition, Deque<ErrorCode>> scripted = new HashMap<>();
    private final Deque<ErrorCode> identityErrors = new ArrayDeque<>();
    private final List<ProduceCall> produceCalls = new ArrayList<>();
    private Consumer<ProduceCall> onProduce = ProduceCall::appendAndAnswer;
    private final Map<UUID, String> namesById = new HashMap<>(); // as requests used them; also of topics deleted since
    private boolean giveHints;
    private String clusterId = "cluster";
    private int maxBatchBytes = Integer.MAX_VALUE;
    private long nextProducerId = FIRST_PRODUCER_ID;
    private short firstEpoch;
    private int nextIncarnation = 1;
    private int featuresEpoch;
    private final SimulatedTransactions transactions;
    private final SimulatedGroups groups = new SimulatedGroups();
    private final SimulatedCoordinators coordinators;
    private final List<String> trace = new ArrayList<>();

    private static final class Topic {
        int[] leaders;
        int leaderEpoch;
        UUID id;
        final List<PartitionLog> logs = new ArrayList<>();

        Topic(UUID id, int[] leaders) {
            this.id = id;
            this.leaders = leaders;
            addLogs();
        }

        void addLogs() {
            while (logs.size() < leaders.length) {
                logs.add(new PartitionLog());
            }
        }
    }

    /** A cluster without topics. */
    public SimulatedCluster(SimulatedTransport network, int nodes) {
        this.network = network;
        this.transactions = new SimulatedTransactions(network.loop(), () -> nextProducerId++, new Marks());
        this.coordinators = new SimulatedCoordinators(this, network.loop(), transactions, groups);
        for (int node = 1; node <= nodes; node++) {
            brokers.add(serving(node, "b" + node));
        }
    }

    private SimulatedBroker serving(int nodeId, String host) {
        SimulatedBroker broker = network.broker(host, PORT);
        broker.on(ApiKey.METADATA, this::describe);
        broker.on(ApiKey.PRODUCE, request -> take(nodeId, request));
        serve(nodeId, broker, ApiKey.INIT_PRODUCER_ID, InitProducerIdRequest::read);
        serve(nodeId, broker, ApiKey.FIND_COORDINATOR, FindCoordinatorRequest::read);
        serve(nodeId, broker, ApiKey.ADD_PARTITIONS_TO_TXN, AddPartitionsToTxnRequest::read);
        serve(nodeId, broker, ApiKey.ADD_OFFSETS_TO_TXN, AddOffsetsToTxnRequest::read);
        serve(nodeId, broker, ApiKey.TXN_OFFSET_COMMIT, TxnOffsetCommitRequest::read);
        serve(nodeId, broker, ApiKey.END_TXN, EndTxnRequest::read);
        return broker;
    }

    private <T> void serve(int nodeId, SimulatedBroker broker, ApiKey key, BiFunction<WireReader, Short, T> reader) {
        broker.on(key, request -> {
            trace.add(key + " v" + request.version());
            coordinators.take(nodeId, request, request.body(reader));
        });
    }

    /** Where the marks at the end of transactions go. */
    private final class Marks implements SimulatedTransactions.Marks {

        @Override
        public void writeTo(TopicPartition partition, long producerId, short epoch, boolean commits) {
            if (exists(partition)) {
                log(partition.topic(), partition.partition()).mark(producerId, epoch, commits);
            }
        }

        @Override
        public void writeTo(String groupId, long producerId, boolean commits) {
            groups.end(groupId, producerId, commits);
        }
    }

    /** What becomes of transactions. */
    public SimulatedTransactions transactions() {
        return transactions;
    }

    /** Consumer groups. */
    public SimulatedGroups groups() {
        return groups;
    }

    /** Who coordinates transactions and groups, and answers for them. */
    public SimulatedCoordinators coordinators() {
        return coordinators;
    }

    /** The level of the feature transaction.version; clients hear of a new one when they connect. */
    public void transactionVersion(int level) {
        featuresEpoch++;
        transactions.level(level);
        for (SimulatedBroker broker : brokers) {
            broker.features(featuresEpoch, Map.of("transaction.version", (short) level));
        }
    }

    /** The requests that carry data or are about transactions, as {@code END_TXN v5}, in order of arrival. */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    boolean exists(TopicPartition partition) {
        Topic topic = topics.get(partition.topic());
        return topic != null && partition.partition() < topic.leaders.length;
    }

    /** Shuts a node down and starts it on another host; its logs go with it. */
    public void moveNode(int nodeId, String host) {
        broker(nodeId).goDown();
        brokers.set(nodeId - 1, serving(nodeId, host));
    }

    /** A name that leads to whichever node there is, as that of a load balancer; it only describes the cluster. */
    public void bootstrapAt(String host) {
        network.broker(host, PORT).on(ApiKey.METADATA, this::describe);
    }

    /** A node. */
    public SimulatedBroker broker(int nodeId) {
        return brokers.get(nodeId - 1);
    }

    /** Puts a node into a rack. */
    public void rack(int nodeId, String rack) {
        racks.put(nodeId, rack);
    }

    /** Makes a topic with these leaders, -1 for none; or gives one more partitions. */
    public void topic(String name, int... leaders) {
        Topic known = topics.get(name);
        if (known == null) {
            topics.put(name, new Topic(topicId(name), leaders));
        } else {
            known.leaders = leaders;
            known.leaderEpoch++;
            known.addLogs();
        }
    }

    /** Deletes a topic: its logs are gone, its name is unknown until the topic is made anew. */
    public void deleteTopic(String name) {
        Topic deleted = topics.remove(name);
        if (deleted != null) {
            namesById.put(deleted.id, name); // there may be requests under way
        }
    }

    /** Makes a topic of the same name with another id, empty logs and leader epochs that begin again. */
    public void recreateTopic(String name, int... leaders) {
        Topic old = topics.get(name);
        if (old != null) {
            namesById.put(old.id, name); // there may be requests under way
        }
        topics.put(name, new Topic(UUID.nameUUIDFromBytes((name + nextIncarnation++).getBytes(UTF_8)), leaders));
    }

    /** From now on metadata has nothing but this error for a topic; NONE ends that. */
    public void topicError(String name, ErrorCode error) {
        topicErrors.put(name, error);
    }

    /** Makes another node the leader, -1 none. */
    public void moveLeader(String topic, int partition, int nodeId) {
        Topic moved = known(topic);
        moved.leaders = Arrays.copyOf(moved.leaders, moved.leaders.length);
        moved.leaders[partition] = nodeId;
        moved.leaderEpoch++;
    }

    /** The next batches of a partition are not appended but answered with these errors, one each; NONE lets one pass. */
    public void failNext(String topic, int partition, ErrorCode... errors) {
        scripted.computeIfAbsent(new TopicPartition(topic, partition), where -> new ArrayDeque<>())
                .addAll(List.of(errors));
    }

    /** The next requests for a producer id are answered with these errors. */
    public void failNextIdentities(ErrorCode... errors) {
        identityErrors.addAll(List.of(errors));
    }

    /** Producer ids are given out with this epoch. */
    public void firstEpoch(int epoch) {
        firstEpoch = (short) epoch;
    }

    /** Larger batches are refused from now on. */
    public void limitBatches(int bytes) {
        maxBatchBytes = bytes;
    }

    /** From now on it is another cluster, which gives out producer ids from this one on. */
    public void becomeCluster(String id, long firstProducerId) {
        clusterId = id;
        nextProducerId = firstProducerId;
    }

    /** From now on brokers that do not lead say who does, with the leader's address (KIP-951). */
    public void giveHints() {
        giveHints = true;
    }

    /** The endpoints that come with hints. */
    List<NodeEndpoint> endpoints() {
        List<NodeEndpoint> endpoints = new ArrayList<>();
        for (int node = 1; giveHints && node <= brokers.size(); node++) {
            BrokerAddress address = broker(node).address();
            endpoints.add(new NodeEndpoint(node, address.host(), address.port(), null));
        }
        return endpoints;
    }

    /** From now on this happens with Produce requests. */
    public void onProduce(Consumer<ProduceCall> script) {
        onProduce = script;
    }

    /** All Produce requests so far, in order of arrival. */
    public List<ProduceCall> produceCalls() {
        return List.copyOf(produceCalls);
    }

    /** A partition's records. */
    public PartitionLog log(String topic, int partition) {
        return known(topic).logs.get(partition);
    }

    /** The id of a topic made by {@link #topic}. */
    public static UUID topicId(String topic) {
        return UUID.nameUUIDFromBytes(topic.getBytes(UTF_8));
    }

    PartitionResult append(ProduceCall call, ProduceCall.Part part) {
        int nodeId = call.nodeId();
        TopicPartition where = part.where();
        Topic topic = topics.get(where.topic());
        int index = where.partition();
        if (!part.topicId().equals(TopicIds.UNKNOWN) && (topic == null || !topic.id.equals(part.topicId()))) {
            return ProduceCall.result(index, ErrorCode.UNKNOWN_TOPIC_ID, -1);
        }
        if (topic == null || index >= topic.leaders.length) {
            return ProduceCall.result(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1);
        }
        if (topic.leaders[index] != nodeId) {
            return giveHints
                    ? ProduceCall.movedTo(index, topic.leaders[index], topic.leaderEpoch)
                    : ProduceCall.result(index, ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
        }
        Deque<ErrorCode> errors = scripted.get(where);
        ErrorCode error = errors == null || errors.isEmpty() ? ErrorCode.NONE : errors.remove();
        if (error != ErrorCode.NONE) {
            return ProduceCall.result(index, error, -1);
        }
        PartitionLog log = topic.logs.get(index);
        ErrorCode refused = admit(call, part, log);
        if (refused != ErrorCode.NONE) {
            return ProduceCall.result(index, refused, -1);
        }
        if (part.sizeBytes() > maxBatchBytes) {
            return ProduceCall.result(index, ErrorCode.MESSAGE_TOO_LARGE, -1);
        }
        PartitionLog.Appended appended = log.append(part.batch());
        return ProduceCall.result(index, appended.error(), appended.baseOffset());
    }

    /** Whether a batch that belongs to a transaction may be appended. */
    private ErrorCode admit(ProduceCall call, ProduceCall.Part part, PartitionLog log) {
        RecordBatchHeader header = part.batch().header();
        if (!header.isTransactional()) {
            return ErrorCode.NONE;
        }
        String transactionalId = call.transactionalId();
        if (transactionalId == null) {
            return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        return log.hasOpenTransaction(header.producerId(), header.producerEpoch())
                ? ErrorCode.NONE
                : coordinators.admit(transactionalId, call.request().version(), part);
    }

    private Topic known(String topic) {
        Topic known = topics.get(topic);
        if (known == null) {
            throw new AssertionError("no such topic: " + topic);
        }
        return known;
    }

    private void describe(SimulatedRequest request) {
        MetadataAnswer answer = new MetadataAnswer().clusterId(clusterId);
        for (int node = 1; node <= brokers.size(); node++) {
            answer.node(node, broker(node), racks.get(node));
        }
        List<String> asked = request.body(MetadataRequest::read).topics();
        for (String name : asked == null ? List.<String>of() : asked) {
            Topic topic = topics.get(name);
            ErrorCode error = topicErrors.getOrDefault(name, ErrorCode.NONE);
            if (error != ErrorCode.NONE || topic == null) {
                answer.refusedTopic(name, error == ErrorCode.NONE ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : error);
            } else {
                answer.topic(name, topic.id, topic.leaderEpoch, topic.leaders);
            }
        }
        request.answer(answer.build());
    }

    /** A producer id for somebody without transactions. */
    InitProducerIdResponse identify() {
        if (!identityErrors.isEmpty()) {
            return new InitProducerIdResponse(0, identityErrors.remove(), -1, (short) -1);
        }
        short epoch = firstEpoch;
        firstEpoch = 0;
        return new InitProducerIdResponse(0, ErrorCode.NONE, nextProducerId++, epoch);
    }

    private void take(int nodeId, SimulatedRequest request) {
        ProduceRequest body = request.body(ProduceRequest::read);
        List<ProduceCall.Part> parts = new ArrayList<>();
        for (ProduceRequest.TopicData topic : body.topics()) {
            String name = topic.name().isEmpty() ? nameOf(topic.topicId()) : topic.name();
            namesById.put(topic.topicId(), name);
            for (ProduceRequest.PartitionData data : topic.partitions()) {
                ByteBuffer bytes = data.records().get(0).duplicate();
                parts.add(new ProduceCall.Part(
                        new TopicPartition(name, data.index()),
                        topic.topicId(),
                        RecordBatchReader.read(bytes),
                        data.recordsBytes()));
            }
        }
        trace.add("PRODUCE v" + request.version());
        ProduceCall call = new ProduceCall(this, nodeId, request, body, parts);
        produceCalls.add(call);
        onProduce.accept(call);
    }

    private String nameOf(UUID id) {
        return topics.keySet().stream()
                .filter(name -> known(name).id.equals(id))
                .findFirst()
                .or(() -> Optional.ofNullable(namesById.get(id)))
                .orElseThrow(() -> new AssertionError("no topic has or had the id " + id));
    }
}
