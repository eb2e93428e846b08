package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.testkit.FaultScript.AfterAppend;
import dev.millrace.testkit.IdentityService.Traits;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A Kafka cluster that is not one: real sockets on the loopback interface, the wire protocol of a producer, a log in
 * memory, and faults on demand. Nodes are numbered from 0.
 *
 * <pre>{@code
 * try (FakeCluster cluster = FakeCluster.builder().nodes(3).topic("orders", 3).start()) {
 *     cluster.inject(Fault.drop().onTopic("orders"));
 *     ... send to cluster.bootstrapServers() ...
 *     assertThat(cluster.records("orders", 0)).hasSize(1);
 * }
 * }</pre>
 *
 * <p>It checks batches, leadership, epochs, sequences and transactions as a broker does, and gives consumers what is in its log, also
 * by the classic protocol of groups, each of one member. Transactions do not time out by themselves. There is no security
 * and no replication in it. As it shares the engine's codec, it says nothing about whether bytes are right.
 *
 * <p>Faults are taken in the order they were asked for, each by the first request it fits. Every method may be called
 * from any thread.
 */
public final class FakeCluster implements AutoCloseable {

    private static final String HOST = NodeSockets.HOST;

    private final Guard guard = new Guard();
    private final FaultScript faults = new FaultScript();
    private final Topology topology;
    private final OfferedVersions versions;
    private final RequestJournal journal;
    private final SocketLoop loop = new SocketLoop();
    private final List<NodeSockets> sockets = new ArrayList<>();

    private final GroupOffsets offsets = new GroupOffsets();
    private final TransactionCoordinator transactions;
    private final CoordinatorService coordinators;

    private FakeCluster(Topology topology, OfferedVersions versions, Traits traits, int nodes) {
        this.topology = topology;
        this.versions = versions;
        this.journal = new RequestJournal(topology);
        ProducerIds producerIds = new ProducerIds();
        this.transactions = new TransactionCoordinator(producerIds, topology, offsets);
        this.coordinators = new CoordinatorService(topology, faults, transactions, offsets, HOST);
        RequestHandler handler = new RequestHandler(
                guard,
                versions,
                faults,
                journal,
                new MetadataService(topology, HOST),
                new ProduceService(topology, faults, transactions, HOST),
                new IdentityService(versions, faults, traits, producerIds, coordinators),
                coordinators,
                new ConsumerServices(
                        new FetchService(topology),
                        new GroupService(offsets, coordinators),
                        new TopicAdminService(topology)));
        for (int node = 0; node < nodes; node++) {
            sockets.add(new NodeSockets(node, loop, handler));
        }
    }

    /** Describes a new cluster: one node, no topics, topics created when asked for. */
    public static FakeClusterBuilder builder() {
        return new FakeClusterBuilder();
    }

    static FakeCluster start(
            int nodes, Map<String, Integer> topics, Topology topology, OfferedVersions versions, Traits traits) {
        FakeCluster cluster = new FakeCluster(topology, versions, traits, nodes);
        cluster.loop.start();
        try {
            cluster.loop.call(() -> {
                for (NodeSockets each : cluster.sockets) {
                    int port = each.open();
                    cluster.guard.run(() -> topology.addNode(port));
                }
            });
            topics.forEach(cluster::createTopic);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /**
     * Closes every socket.
     *
     * @throws IllegalStateException if the fake cluster itself broke down on the way
     */
    @Override
    public void close() {
        loop.close();
    }

    /** Addresses of all nodes, as clients take them. */
    public String bootstrapServers() {
        return guard.get(() ->
                topology.nodes().stream().map(node -> HOST + ":" + node.port()).collect(Collectors.joining(",")));
    }

    /** The port of a node, which it keeps while it is stopped. */
    public int port(int node) {
        return guard.get(() -> topology.node(node).port());
    }

    /** The address of a node. */
    public InetSocketAddress address(int node) {
        return NodeSockets.address(port(node));
    }

    // What clients did

    /** The records of a partition, in the order of their offsets. */
    public List<FakeRecord> records(String topic, int partition) {
        return guard.get(() -> topology.partition(topic, partition).log().records());
    }

    /** The records of a topic, partition after partition. */
    public List<FakeRecord> records(String topic) {
        return guard.get(() -> topology.topic(topic).partitions().stream()
                .flatMap(partition -> partition.log().records().stream())
                .toList());
    }

    /** What a consumer gets from a partition that reads committed records: it stops in front of an open transaction. */
    public List<FakeRecord> committedRecords(String topic, int partition) {
        return guard.get(() -> topology.partition(topic, partition).log().committedRecords());
    }

    /** What a consumer gets from a topic that reads committed records, partition after partition. */
    public List<FakeRecord> committedRecords(String topic) {
        return guard.get(() -> topology.topic(topic).partitions().stream()
                .flatMap(partition -> partition.log().committedRecords().stream())
                .toList());
    }

    /** The offsets a consumer group would go on from, as committed transactions have left them. */
    public Map<TopicPartition, Long> committedOffsets(String groupId) {
        return guard.get(() -> offsets.committed(groupId));
    }

    /** Whether a transaction of this transactional id is open. */
    public boolean hasOpenTransaction(String transactionalId) {
        return guard.get(() -> transactions.phase(transactionalId) == TransactionCoordinator.Phase.ONGOING);
    }

    /** How many records a topic has. */
    public int recordCount(String topic) {
        return guard.get(() -> countRecords(topic));
    }

    /** The topics there are, in the order of their creation. */
    public Set<String> topics() {
        return guard.get(() ->
                topology.topics().stream().map(TopicState::name).collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** How many partitions a topic has. */
    public int partitionCount(String topic) {
        return guard.get(() -> topology.topic(topic).partitions().size());
    }

    /** Every request that came in, in order. */
    public List<FakeRequest> requests() {
        return guard.get(journal::requests);
    }

    /** The requests of one API that came in, in order. */
    public List<FakeRequest> requests(Api api) {
        return guard.get(() -> journal.requests(api));
    }

    /** Why connections were closed over requests no broker would have read. Empty with a client that speaks Kafka. */
    public List<String> refusals() {
        return guard.get(journal::refusals);
    }

    /** Forgets the requests and refusals so far. */
    public void clearRequests() {
        guard.run(journal::clear);
    }

    /**
     * Forgets the records so far. Offsets go on, as after a deletion of records, and what is remembered of producers stays:
     * they do not notice.
     */
    public void clearRecords() {
        guard.run(() -> topology.forEachPartition(partition -> partition.log().clearRecords()));
    }

    /**
     * Makes the cluster as good as new for the next test: no records, requests or faults, no answer that is held back, every
     * node runs and every partition has a leader. Topics, their settings and the progress of groups stay, and so do producers
     * and their open transactions, and connections unless they wait for such an answer.
     */
    public void reset() {
        clearFaults();
        for (int node = 0; node < sockets.size(); node++) {
            int each = node;
            if (guard.get(() -> !topology.node(each).isRunning())) {
                startNode(node);
            }
            resumeNode(node);
            loop.call(sockets(node)::closeHeldBack);
        }
        guard.run(() -> {
            topology.clearErrors();
            topology.electMissingLeaders();
        });
        clearRecords();
        clearRequests();
    }

    /** How many connections a node has. */
    public int connectionCount(int node) {
        int[] count = new int[1];
        loop.call(() -> count[0] = sockets(node).connectionCount());
        return count[0];
    }

    /**
     * Waits until so many requests of an API have come in, and returns those that have.
     *
     * @throws AssertionError if they do not come in time
     */
    public List<FakeRequest> awaitRequests(Api api, int count, Duration timeout) {
        if (!guard.await(() -> journal.count(api) >= count, timeout)) {
            throw new AssertionError("awaited " + count + " requests of " + api + " for " + timeout.toMillis()
                    + " ms, came: " + requests());
        }
        return requests(api);
    }

    /**
     * Waits for a request.
     *
     * @throws AssertionError if it does not come in time
     */
    public FakeRequest awaitRequest(Predicate<FakeRequest> wanted, Duration timeout) {
        if (!guard.await(() -> journal.contains(wanted), timeout)) {
            throw new AssertionError("awaited a request for " + timeout.toMillis() + " ms, came: " + requests());
        }
        return requests().stream().filter(wanted).findFirst().orElseThrow();
    }

    /**
     * Waits until a topic has so many records or more.
     *
     * @throws AssertionError if they do not come in time
     */
    public void awaitRecords(String topic, int count, Duration timeout) {
        if (!guard.await(() -> topology.findTopic(topic) != null && countRecords(topic) >= count, timeout)) {
            throw new AssertionError("awaited " + count + " records in " + topic + " for " + timeout.toMillis()
                    + " ms, requests were: " + requests());
        }
    }

    // Topics

    /** Creates a topic. */
    public void createTopic(String topic, int partitions) {
        guard.run(() -> topology.createTopic(topic, partitions));
    }

    /** Adds partitions to a topic, so many more than it has. */
    public void addPartitions(String topic, int count) {
        guard.run(() -> topology.addPartitions(topology.topic(topic), count));
    }

    /** Deletes a topic with its records. A client that asks for it may create it anew. */
    public void deleteTopic(String topic) {
        guard.run(() -> topology.deleteTopic(topic));
    }

    /** Deletes a topic and creates it again: same name and number of partitions, no records, another topic id. */
    public void recreateTopic(String topic) {
        guard.run(() -> {
            int partitions = topology.topic(topic).partitions().size();
            topology.deleteTopic(topic);
            topology.createTopic(topic, partitions);
        });
    }

    /** The largest batch a topic takes. */
    public void setMaxMessageBytes(String topic, int bytes) {
        guard.run(() -> topology.topic(topic).setMaxMessageBytes(bytes));
    }

    /** Answers Metadata and Produce for a topic, existing or not, with an error; until it is set to NONE. */
    public void setTopicError(String topic, ErrorCode error) {
        guard.run(() -> topology.setTopicError(topic, error));
    }

    /** Forgets what a partition remembers of producers, as a broker does with those it has not seen for a day. */
    public void forgetProducers(String topic, int partition) {
        guard.run(() -> topology.partition(topic, partition).log().forgetProducers());
    }

    // Nodes

    /** The node that leads a partition, -1 if none does. */
    public int leader(String topic, int partition) {
        return guard.get(() -> topology.partition(topic, partition).leader());
    }

    /** Makes a node the leader of a partition; others answer NOT_LEADER_OR_FOLLOWER from now on. */
    public void moveLeader(String topic, int partition, int node) {
        guard.run(() -> topology.partition(topic, partition)
                .setLeader(topology.node(node).id()));
    }

    /** Takes the leader of a partition away: LEADER_NOT_AVAILABLE until {@link #moveLeader}. */
    public void removeLeader(String topic, int partition) {
        guard.run(() -> topology.partition(topic, partition).setLeader(Topology.NO_NODE));
    }

    /** Closes the listener and all connections of a node. The next running node takes over what it led. */
    public void stopNode(int node) {
        guard.run(() -> topology.stopped(node));
        loop.call(() -> {
            sockets(node).close();
            loop.releaseClosed(); // or it could not be started again at once on its port
        });
    }

    /** Starts a stopped node again, on its port. It leads what nobody else does. */
    public void startNode(int node) {
        int port = port(node);
        loop.call(() -> sockets(node).open(port));
        guard.run(() -> topology.started(node, port));
    }

    /** Starts a stopped node again, on another port. */
    public void startNodeOnNewPort(int node) {
        int[] port = new int[1];
        loop.call(() -> port[0] = sockets(node).open());
        guard.run(() -> topology.started(node, port[0]));
    }

    /** Lets a node accept connections but neither read nor answer anything, until {@link #resumeNode}. */
    public void pauseNode(int node) {
        loop.call(() -> sockets(node).setPaused(true));
    }

    /** Lets a paused node go on where it was. */
    public void resumeNode(int node) {
        loop.call(() -> sockets(node).setPaused(false));
    }

    /** Closes all connections of a node, which takes new ones. */
    public void closeConnections(int node) {
        loop.call(sockets(node)::closeConnections);
    }

    /**
     * Changes the highest version of an API that one node offers, to play a cluster in the middle of an upgrade. A
     * connection on which more was agreed before is closed when it uses that.
     */
    public void setMaxVersion(int node, Api api, int version) {
        guard.run(() -> versions.limit(topology.node(node).id(), api, version));
    }

    /**
     * The node that coordinates a transactional id or a consumer group, -1 if none runs. While it is stopped another one
     * does.
     */
    public int coordinator(String transactionalIdOrGroup) {
        return guard.get(() -> coordinators.nodeOf(transactionalIdOrGroup));
    }

    // Faults

    /**
     * Aborts an open transaction as if it had taken longer than its timeout. From now on its producer is told
     * INVALID_PRODUCER_EPOCH or PRODUCER_FENCED, and with transaction version 2 INVALID_TXN_STATE if it wants to commit.
     *
     * @throws IllegalArgumentException if none is open
     */
    public void timeOutTransaction(String transactionalId) {
        guard.run(() -> transactions.timeOut(transactionalId));
    }

    /** Forgets a transactional id, as a coordinator does with those not used for a week. */
    public void forgetTransactionalId(String transactionalId) {
        guard.run(() -> transactions.forget(transactionalId));
    }

    /**
     * Answers the next requests to a coordinator, or for one, with an error; nothing else is done about them.
     *
     * @param api one of those that are only about transactions; for INIT_PRODUCER_ID see {@link #initProducerIdError}
     * @throws IllegalArgumentException if it is another one
     */
    public void coordinatorError(Api api, ErrorCode error, int times) {
        if (!api.isOfTransactions()) {
            throw new IllegalArgumentException("not an API of transactions: " + api);
        }
        guard.run(() -> faults.failCoordinator(api, error, times));
    }

    /** Serves the next request of an API, and closes the connection instead of answering. */
    public void closeAfterNext(Api api) {
        guard.run(() -> faults.cutAfterNext(api));
    }

    /** Lets a fault happen to the next requests it fits; behind those asked for before. */
    public void inject(Fault fault) {
        guard.run(() -> faults.inject(fault));
    }

    /** Answers the next batch for a topic with an error; it is not appended. More in {@link Fault#fail}. */
    public void failNext(String topic, ErrorCode error) {
        inject(Fault.fail(error).onTopic(topic));
    }

    /** Holds back the answers to all Produce requests for so long, until {@link #clearFaults}. More in {@link Fault#delay}. */
    public void delay(Duration time) {
        inject(Fault.delay(time).untilCleared());
    }

    /** Closes the connection instead of serving the next batch for a topic. More in {@link Fault#drop}. */
    public void dropNext(String topic) {
        inject(Fault.drop().onTopic(topic));
    }

    /**
     * Appends the next batch for a topic, and closes the connection instead of answering. More in {@link
     * Fault#dropAfterAppend}.
     */
    public void dropNextAfterAppend(String topic) {
        inject(Fault.dropAfterAppend().onTopic(topic));
    }

    /** Answers the next batches for a partition with an error; they are not appended. */
    public void failNext(String topic, int partition, ErrorCode error, int times) {
        guard.run(() -> faults.failBeforeAppend(new TopicPartition(topic, partition), error, times));
    }

    /** Answers the next batches for a partition with an error, but appends them. */
    public void failNextAfterAppend(String topic, int partition, ErrorCode error, int times) {
        AfterAppend fault = new AfterAppend(error, false);
        guard.run(() -> faults.faultAfterAppend(new TopicPartition(topic, partition), fault, times));
    }

    /** Appends the next batches for a partition, and closes the connection instead of answering. */
    public void closeNextAfterAppend(String topic, int partition, int times) {
        AfterAppend fault = new AfterAppend(ErrorCode.NONE, true);
        guard.run(() -> faults.faultAfterAppend(new TopicPartition(topic, partition), fault, times));
    }

    /** Answers the next InitProducerId requests with an error. */
    public void initProducerIdError(ErrorCode error, int times) {
        guard.run(() -> faults.failProducerIds(error, times));
    }

    /** Leaves the next request of an API unserved, and everything behind it on its connection, which stays open. */
    public void ignoreNext(Api api) {
        replaceNext(api, correlationId -> Answer.SILENCE);
    }

    /** Closes the connection instead of serving the next request of an API. */
    public void closeNext(Api api) {
        replaceNext(api, correlationId -> Answer.CUT);
    }

    /** Sends garbage instead of serving the next request of an API. */
    public void answerGarbage(Api api, Garbage garbage) {
        replaceNext(api, correlationId -> Answer.reply(List.<ByteBuffer>of(garbage.answerTo(correlationId))));
    }

    /** Serves the next request, of whatever API, at once, and holds its answer back. */
    public void delayNext(Duration delay) {
        guard.run(() -> faults.delayNext(delay));
    }

    /** Serves the next request of an API at once, and holds its answer back. */
    public void delayNext(Api api, Duration delay) {
        guard.run(() -> faults.delayNext(api, delay));
    }

    /** Holds back every answer of a node, until set to zero. */
    public void delayResponses(int node, Duration delay) {
        guard.run(() -> faults.delayNode(topology.node(node).id(), delay));
    }

    /**
     * Asks for a pause in every answer to a Produce request, and serves nothing more on its connection for as long, as
     * brokers do (KIP-219); until set to zero.
     */
    public void throttle(Duration pause) {
        guard.run(() -> faults.setThrottle(pause));
    }

    /** Forgets every fault that has not happened yet, delays and throttling too. */
    public void clearFaults() {
        guard.run(faults::clear);
    }

    private void replaceNext(Api api, IntFunction<Answer> answer) {
        guard.run(() -> faults.replaceNext(api, answer));
    }

    private int countRecords(String topic) {
        return topology.topic(topic).partitions().stream()
                .mapToInt(partition -> partition.log().size())
                .sum();
    }

    private NodeSockets sockets(int node) {
        return sockets.get(guard.get(() -> topology.node(node).id()));
    }
}
