package dev.millrace.producer.internal.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.record.RecordBatchReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    private final List<SimulatedBroker> brokers = new ArrayList<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<UUID, String> names = new HashMap<>(); // of the topics, by id
    private final Map<String, ErrorCode> topicErrors = new HashMap<>();
    private final Map<TopicPartition, Deque<ErrorCode>> scripted = new HashMap<>();
    private final Deque<ErrorCode> identityErrors = new ArrayDeque<>();
    private final List<ProduceCall> produceCalls = new ArrayList<>();
    private Consumer<ProduceCall> onProduce = ProduceCall::appendAndAnswer;
    private int maxBatchBytes = Integer.MAX_VALUE;
    private long nextProducerId = FIRST_PRODUCER_ID;
    private short firstEpoch;

    private static final class Topic {
        int[] leaders;
        int leaderEpoch;
        final List<PartitionLog> logs = new ArrayList<>();

        Topic(int[] leaders) {
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
        for (int node = 1; node <= nodes; node++) {
            int nodeId = node;
            SimulatedBroker broker = network.broker("b" + node, PORT);
            broker.on(ApiKey.METADATA, this::describe);
            broker.on(ApiKey.INIT_PRODUCER_ID, this::identify);
            broker.on(ApiKey.PRODUCE, request -> take(nodeId, request));
            brokers.add(broker);
        }
    }

    /** A node. */
    public SimulatedBroker broker(int nodeId) {
        return brokers.get(nodeId - 1);
    }

    /** Makes a topic with these leaders, -1 for none; or gives one more partitions. */
    public void topic(String name, int... leaders) {
        Topic known = topics.get(name);
        if (known == null) {
            topics.put(name, new Topic(leaders));
            names.put(topicId(name), name);
        } else {
            known.leaders = leaders;
            known.leaderEpoch++;
            known.addLogs();
        }
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

    static UUID topicId(String topic) {
        return UUID.nameUUIDFromBytes(topic.getBytes(UTF_8));
    }

    PartitionResult append(int nodeId, ProduceCall.Part part) {
        TopicPartition where = part.where();
        Topic topic = topics.get(where.topic());
        int index = where.partition();
        if (topic == null || index >= topic.leaders.length) {
            return ProduceCall.result(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1);
        }
        if (topic.leaders[index] != nodeId) {
            return ProduceCall.result(index, ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
        }
        Deque<ErrorCode> errors = scripted.get(where);
        ErrorCode error = errors == null || errors.isEmpty() ? ErrorCode.NONE : errors.remove();
        if (error != ErrorCode.NONE) {
            return ProduceCall.result(index, error, -1);
        }
        if (part.sizeBytes() > maxBatchBytes) {
            return ProduceCall.result(index, ErrorCode.MESSAGE_TOO_LARGE, -1);
        }
        PartitionLog.Appended appended = topic.logs.get(index).append(part.batch());
        return ProduceCall.result(index, appended.error(), appended.baseOffset());
    }

    private Topic known(String topic) {
        Topic known = topics.get(topic);
        if (known == null) {
            throw new AssertionError("no such topic: " + topic);
        }
        return known;
    }

    private void describe(SimulatedRequest request) {
        MetadataAnswer answer = new MetadataAnswer();
        for (int node = 1; node <= brokers.size(); node++) {
            answer.node(node, broker(node));
        }
        List<String> asked = request.body(MetadataRequest::read).topics();
        for (String name : asked == null ? List.<String>of() : asked) {
            Topic topic = topics.get(name);
            ErrorCode error = topicErrors.getOrDefault(name, ErrorCode.NONE);
            if (error != ErrorCode.NONE || topic == null) {
                answer.refusedTopic(name, error == ErrorCode.NONE ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : error);
            } else {
                answer.topic(name, topicId(name), topic.leaderEpoch, topic.leaders);
            }
        }
        request.answer(answer.build());
    }

    private void identify(SimulatedRequest request) {
        if (identityErrors.isEmpty()) {
            request.answer(new InitProducerIdResponse(0, ErrorCode.NONE, nextProducerId++, firstEpoch));
            firstEpoch = 0;
        } else {
            request.answer(new InitProducerIdResponse(0, identityErrors.remove(), -1, (short) -1));
        }
    }

    private void take(int nodeId, SimulatedRequest request) {
        ProduceRequest body = request.body(ProduceRequest::read);
        List<ProduceCall.Part> parts = new ArrayList<>();
        for (ProduceRequest.TopicData topic : body.topics()) {
            String name = topic.name().isEmpty() ? nameOf(topic.topicId()) : topic.name();
            for (ProduceRequest.PartitionData data : topic.partitions()) {
                ByteBuffer bytes = data.records().get(0).duplicate();
                parts.add(new ProduceCall.Part(
                        new TopicPartition(name, data.index()), RecordBatchReader.read(bytes), data.recordsBytes()));
            }
        }
        ProduceCall call = new ProduceCall(this, nodeId, request, body.acks(), parts);
        produceCalls.add(call);
        onProduce.accept(call);
    }

    private String nameOf(UUID id) {
        String name = names.get(id);
        if (name == null) {
            throw new AssertionError("no topic has the id " + id);
        }
        return name;
    }
}
