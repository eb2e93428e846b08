package dev.millrace.producer.internal.sender;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.accumulator.PartitionQueue;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.idempotence.ProducerIdentity;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.metadata.LeaderHint;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.network.AuthenticationSummary;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.network.ConnectionState;
import dev.millrace.producer.internal.network.MovableTimer;
import dev.millrace.producer.internal.network.RequestSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves batches from the accumulator to the brokers that lead their partitions.
 *
 * <p>{@link #drain} is the whole policy: look at the partitions in which something happened, put those that are ready
 * into the queue of their leader, and send each leader as much as it takes now. Everything else is an event that makes a
 * partition worth another look: an answer, a timer, a connection that can be written to, a new snapshot of the cluster.
 * The cost of a pass follows the partitions that have something to do.
 *
 * <p>Each step is about a partition, a request or a node. An error nobody expects ends the records of the partitions that
 * step is about, or lets the node rest, and nothing else ({@link InternalErrors}).
 */
@EventLoopOnly
public final class Sender implements ConnectionListener, IdentitySource.Listener, ProduceExchange.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final long REST_AFTER_ERROR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SenderSettings settings;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final ClusterMetadata metadata;
    private final BrokerConnections connections;
    private final Idempotence idempotence;
    private final DrainGate gate;
    private final ProduceRequestPlanner planner;
    private final Sealing sealing;
    private final Outcomes outcomes;
    private final ProduceDispatch dispatch;
    private final Deadlines deadlines;
    private final SenderInspection inspection;
    private final InternalErrors errors;
    private final SenderEvents events;

    private final Map<PartitionQueue, PartitionState> partitions = new HashMap<>();
    private final Map<Integer, NodeQueue> nodes = new HashMap<>();
    private final WaitingPartitions waiting = new WaitingPartitions();
    private final UnansweredBatches unanswered = new UnansweredBatches();
    private final List<PartitionState> answered = new ArrayList<>();

    /** Wires the parts; nothing happens before the first {@link #drain}. */
    public Sender(SenderParts parts) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.metadata = parts.metadata();
        this.connections = parts.connections().apply(this);
        this.idempotence = parts.idempotence().apply(this);
        this.gate = parts.gate();
        this.planner = parts.planner();
        SendFailures failures = new SendFailures(settings);
        this.events = new SenderEvents(parts.observer());
        this.errors = new InternalErrors(settings.logPrefix(), loop::nanos, events);
        this.sealing = new Sealing(parts, failures, this::contain, this::wake);
        this.outcomes = new Outcomes(parts, failures, sealing, events, idempotence);
        this.dispatch = new ProduceDispatch(parts, idempotence, outcomes, unanswered, this);
        Obstacles obstacles =
                new Obstacles(metadata, connections, idempotence, waiting.unidentified(), waiting.heldBack());
        this.deadlines = new Deadlines(parts, failures, sealing, this::onDeadline, obstacles::of);
        this.inspection = new SenderInspection(metadata, connections, partitions.values(), nodes);
    }

    /** Looks at every partition in which something happened and sends what can be sent. */
    public void drain() {
        PartitionQueue changed;
        while ((changed = accumulator.pollChanged()) != null) {
            PartitionQueue queue = changed;
            errors.contain(
                    queue.topicPartition(),
                    () -> look(stateOf(queue)),
                    thrown -> outcomes.failQueuedInternally(queue, thrown));
        }
        if (accumulator.isHurried()) {
            List.copyOf(waiting.timed()).forEach(this::look);
        }
        sendReady();
    }

    /** The cluster has changed: leaders may have moved, topics may be there at last. */
    public void onClusterChanged() {
        List<PartitionState> concerned = new ArrayList<>(waiting.leaderless());
        nodes.values().forEach(node -> node.addAllTo(concerned));
        for (PartitionState partition : waiting.timed()) {
            if (partition.hasRetry()) {
                concerned.add(partition);
            }
        }
        concerned.forEach(this::look);
        sendReady();
        ClusterSnapshot cluster = metadata.snapshot();
        nodes.values().removeIf(node -> node.isEmpty() && cluster.node(node.nodeId()) == null);
    }

    /** The gate lets more partitions through, or batches can be stamped that could not be. */
    public void onAdmitted() {
        waiting.takeHeldBack().forEach(this::look);
        waiting.takeUnidentified().forEach(this::look);
        sendReady();
    }

    /**
     * Fails everything that is not in flight, per partition oldest first, because the transaction ends without it. While the
     * gate says so, what comes back unacknowledged fails for the same reason.
     */
    public void failUnsent(ProducerException why) {
        outcomes.endWith(why);
        seeAll();
        for (PartitionState partition : partitions.values()) {
            contain(partition, () -> {
                outcomes.failUnsent(partition, why);
                lookAt(partition);
            });
        }
    }

    /** Completes, on the event loop, when every batch sent so far is back, also one whose records have ended before. */
    public CompletableFuture<Void> whenAnswered() {
        return unanswered.whenNone();
    }

    /**
     * Gives every batch sent before another stamp before it goes again. Only while none is in flight; looks at every
     * partition.
     *
     * @return false, and nothing has changed, if one of them may be in a log
     */
    public boolean stampAnew() {
        if (partitions.values().stream().anyMatch(PartitionState::mayBeWritten)) {
            return false;
        }
        partitions.values().forEach(PartitionState::requestRestart);
        return true;
    }

    /**
     * Gives up what is known of a topic in which nothing is queued or under way; its next record finds everything new.
     *
     * @return whether it was given up
     */
    public boolean forget(TopicQueues topic) {
        if (!accumulator.retire(topic, queue -> !isUnderway(queue))) {
            return false;
        }
        topic.forEachQueue(queue -> {
            PartitionState partition = partitions.remove(queue);
            if (partition != null) {
                detach(partition);
                partition.sequences().forget();
            }
        });
        return true;
    }

    private boolean isUnderway(PartitionQueue queue) {
        PartitionState partition = partitions.get(queue);
        return partition != null
                && !(partition.underway().isEmpty() && partition.sealing().isEmpty());
    }

    /** Fails everything not yet ended, per partition oldest first. */
    public void abort(UndeliveredRecords undelivered) {
        seeAll();
        for (PartitionState partition : partitions.values()) {
            contain(partition, () -> {
                detach(partition);
                outcomes.abort(partition, Ending.CLOSED, undelivered);
            });
        }
    }

    /** Fails everything not yet ended because the event loop has ended. Any one thread: there is no loop any more. */
    public void loopEnded(UndeliveredRecords undelivered) {
        seeAll();
        for (PartitionState partition : partitions.values()) {
            errors.contain(
                    partition.topicPartition(),
                    () -> outcomes.abort(partition, Ending.LOOP_ENDED, undelivered),
                    thrown -> outcomes.failInternally(partition, thrown));
        }
    }

    /** Sees to it that every partition with a record is among those that are known. */
    private void seeAll() {
        PartitionQueue unseen;
        while ((unseen = accumulator.pollChanged()) != null) {
            stateOf(unseen);
        }
    }

    /** What there is to do. Looks at every partition. */
    public SenderView view() {
        return new SenderView(
                inspection.busyPartitions(loop.nanos()),
                inspection.connectedNodes(),
                waiting.unidentified().size());
    }

    /** Gives up connections and identity. After {@link #abort}. */
    public void close() {
        idempotence.close();
        connections.closeAll("the producer was closed");
    }

    @Override
    public void onWritable(BrokerConnection connection) {
        NodeQueue node = nodes.get(connection.nodeId());
        if (node != null) {
            sendTo(node);
        }
    }

    @Override
    public void onDisconnected(BrokerConnection connection, Throwable cause) {
        metadata.requestUpdate();
        onWritable(connection); // asks for a new connection if something waits for it
    }

    @Override
    public void onStateChanged(BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
        events.connection(connection, from, to, cause);
    }

    @Override
    public void onAuthenticationEnded(BrokerConnection connection, AuthenticationSummary authentication) {
        events.authenticationEnded(connection, authentication);
    }

    @Override
    public void onRequestEnded(BrokerConnection connection, RequestSummary request) {
        events.requestEnded(connection, request);
    }

    @Override
    public void onIdentity(long producerId) {
        events.identity(producerId, ErrorCode.NONE);
        waiting.takeUnidentified().forEach(this::look);
        sendReady();
    }

    @Override
    public void onIdentityRefused(ErrorCode error) {
        events.identity(ProducerIdentity.NO_ID, error);
        waiting.takeUnidentified()
                .forEach(partition -> contain(partition, () -> {
                    outcomes.failUnidentified(partition, error);
                    lookAt(partition);
                }));
    }

    @Override
    public void onOutcome(DrainedBatch batch, BatchOutcome outcome) {
        PartitionState partition = batch.partition();
        unanswered.returned();
        partition.returned(batch, loop.nanos());
        answered.add(partition);
        errors.contain(partition.topicPartition(), () -> outcome.deliverTo(batch, outcomes), thrown -> {
            batch.failedWith(ErrorCode.NONE, "internal error", true);
            outcomes.failInternally(batch, thrown);
            fail(partition, thrown);
        });
    }

    @Override
    public void onLeaderHints(List<LeaderHint> hints) {
        metadata.applyHints(hints); // if that is news onClusterChanged sends the batches to the new leaders at once
    }

    @Override
    public void onExchangeEnded() {
        List<PartitionState> concerned = List.copyOf(answered);
        answered.clear();
        concerned.forEach(this::look);
        unanswered.tell();
        sendReady();
    }

    @Override
    public void onNonsense(BrokerConnection connection, String what) {
        connections.close(connection.nodeId(), what); // and forgets it: the next request makes a new one
    }

    private PartitionState stateOf(PartitionQueue queue) {
        return partitions.computeIfAbsent(
                queue,
                created -> new PartitionState(
                        created,
                        idempotence.newPartition(created.topicPartition()),
                        idempotence.transactionalId() != null,
                        loop.nanos()));
    }

    private void contain(PartitionState partition, Runnable step) {
        errors.contain(partition.topicPartition(), step, thrown -> fail(partition, thrown));
    }

    /** Ends everything of a partition that is in an unknown state; the next record starts afresh. */
    private void fail(PartitionState partition, Throwable thrown) {
        detach(partition);
        outcomes.failInternally(partition, thrown);
    }

    /** Takes the partition out of everything it waits in. */
    private void detach(PartitionState partition) {
        NodeQueue.remove(partition);
        waiting.remove(partition);
        deadlines.stop(partition);
        if (partition.wakeUp != null) {
            partition.wakeUp.cancel();
        }
    }

    private void look(PartitionState partition) {
        contain(partition, () -> lookAt(partition));
    }

    private void lookAt(PartitionState partition) {
        sealing.sealAhead(partition);
        noticeNewTopic(partition);
        int leader = leaderOf(partition.topicPartition());
        long now = loop.nanos();
        long waitNanos = partition.waitNanos(leader, now);
        waiting.leaderless().remove(partition);
        waiting.heldBack().remove(partition);
        wakeUpLater(partition, now, waitNanos);
        if (waitNanos != 0) {
            NodeQueue.remove(partition);
        } else if (leader == PartitionInfo.NO_LEADER) {
            NodeQueue.remove(partition);
            waiting.leaderless().add(partition);
            metadata.track(partition.topicPartition().topic()); // records that wait keep their topic in use
            metadata.requestUpdate();
        } else if (!gate.admits(partition.topicPartition())) {
            NodeQueue.remove(partition);
            waiting.heldBack().add(partition);
        } else {
            nodes.computeIfAbsent(leader, NodeQueue::new).add(partition);
        }
        deadlines.watch(partition);
    }

    private void noticeNewTopic(PartitionState partition) {
        TopicSnapshot topic =
                metadata.snapshot().topic(partition.topicPartition().topic());
        if (topic != null && partition.belongsTo(topic.topicId())) {
            LOG.debug(
                    "{} topic was made anew, sequences start over: partition={} topicId={}",
                    settings.logPrefix(),
                    partition.topicPartition(),
                    topic.topicId());
        }
    }

    private void wakeUpLater(PartitionState partition, long now, long waitNanos) {
        if (waitNanos > 0) {
            waiting.timed().add(partition);
            if (partition.wakeUp == null) {
                partition.wakeUp = new MovableTimer(loop, () -> wake(partition));
            }
            partition.wakeUp.runAt(now + waitNanos);
        } else if (waiting.timed().remove(partition) && partition.wakeUp != null) {
            partition.wakeUp.clear();
        }
    }

    private void onDeadline(PartitionState partition) {
        contain(partition, () -> deadlines.failExpired(partition));
        wake(partition); // its linger or backoff may be over at this very moment
    }

    private void wake(PartitionState partition) {
        look(partition);
        NodeQueue node = partition.readyAt;
        if (node != null) {
            sendTo(node);
        }
    }

    private void sendReady() {
        for (NodeQueue node : List.copyOf(nodes.values())) { // a look may add a node
            if (!node.isEmpty()) {
                sendTo(node);
            }
        }
    }

    private void sendTo(NodeQueue node) {
        errors.contain("sending to node " + node.nodeId(), () -> sendAllTo(node), thrown -> tryAgainLater(node));
    }

    /** Its partitions stay ready, and their records have deadlines; but no event may be left to try again. */
    private void tryAgainLater(NodeQueue node) {
        if (node.retry == null) {
            node.retry = loop.schedule(REST_AFTER_ERROR_NANOS, () -> {
                node.retry = null;
                sendTo(node);
            });
        }
    }

    private void sendAllTo(NodeQueue node) {
        BrokerAddress address = metadata.snapshot().node(node.nodeId());
        if (node.isEmpty() || address == null) {
            return; // without an address the next snapshot moves the partitions elsewhere
        }
        BrokerConnection connection = connections.connectionTo(node.nodeId(), address);
        while (connection.canSend() && !node.isEmpty()) {
            List<PartitionState> planned = node.take(planner, connection.inFlight());
            if (planned.isEmpty()) {
                return;
            }
            send(connection, drainedFrom(planned, node.nodeId()));
        }
        if (!node.isEmpty() && !connection.isReady()) {
            connection.ensureConnected();
        }
    }

    private List<DrainedBatch> drainedFrom(List<PartitionState> planned, int node) {
        RequestDraft draft = new RequestDraft(planner, planned.size());
        for (PartitionState partition : planned) {
            contain(partition, () -> drainInto(draft, partition, node));
        }
        return draft.batches();
    }

    private void drainInto(RequestDraft draft, PartitionState partition, int node) {
        boolean stillReady = leaderOf(partition.topicPartition()) == node
                && partition.waitNanos(node, loop.nanos()) == 0
                && gate.admits(partition.topicPartition());
        if (!stillReady) {
            lookAt(partition);
            return;
        }
        if (!partition.prepareStamp()) {
            waiting.unidentified().add(partition);
            idempotence.prepare();
            return;
        }
        if (!partition.hasRetry()) {
            sealing.sealNext(partition);
        }
        if (!partition.isNextReady() || !draft.takes(partition.nextBytes())) {
            lookAt(partition); // being compressed, or larger than it was planned to be
            return;
        }
        draft.add(partition.takeNext());
    }

    private void send(BrokerConnection connection, List<DrainedBatch> batches) {
        if (!batches.isEmpty()) {
            errors.contain(
                    batches,
                    () -> {
                        dispatch.send(connection, batches);
                        batches.forEach(batch -> look(batch.partition()));
                    },
                    thrown -> batches.forEach(batch -> fail(batch.partition(), thrown)));
        }
    }

    private int leaderOf(TopicPartition partition) {
        return metadata.snapshot().leader(partition.topic(), partition.partition());
    }
}
