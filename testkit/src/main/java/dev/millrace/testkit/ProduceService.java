package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.NodeEndpoint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.TopicResult;
import dev.millrace.producer.internal.record.RecordBatch;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.testkit.FaultScript.AfterAppend;
import dev.millrace.testkit.TopicState.PartitionState;
import dev.millrace.testkit.TransactionCoordinator.Identity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Serves Produce requests: checks, appends, answers. Guarded by the cluster's lock. */
final class ProduceService {

    static final int LAST_VERSION_WITH_NAMES = 12;

    private static final int FIRST_VERSION_WITH_ABORTABLE = 11;
    private static final int FIRST_VERSION_THAT_ENROLS = 12;
    private static final long NO_OFFSET = -1;
    private static final long NO_LOG_APPEND_TIME = -1;

    private final Topology topology;
    private final FaultScript faults;
    private final TransactionCoordinator transactions;
    private final String host;

    ProduceService(Topology topology, FaultScript faults, TransactionCoordinator transactions, String host) {
        this.topology = topology;
        this.faults = faults;
        this.transactions = transactions;
        this.host = host;
    }

    Answer answer(ReceivedRequest received, ProduceRequest request) {
        Turn turn = new Turn(received, request);
        List<TopicResult> results =
                request.topics().stream().map(topic -> serve(turn, topic)).toList();
        if (turn.cutsConnection || (request.acks() == 0 && turn.hasFailed)) {
            return Answer.CUT; // the only way to tell a client that waits for no answer
        }
        if (request.acks() == 0) {
            return Answer.NOTHING.thenMuteFor(faults.throttle());
        }
        int throttleTimeMillis = Math.toIntExact(faults.throttle().toMillis());
        ProduceResponse response = new ProduceResponse(results, throttleTimeMillis, turn.hintedEndpoints);
        return received.reply(out -> response.write(out, received.version())).thenMuteFor(faults.throttle());
    }

    private TopicResult serve(Turn turn, TopicData data) {
        boolean byName = turn.received.version() <= LAST_VERSION_WITH_NAMES;
        TopicState topic = byName ? topology.findTopic(data.name()) : topology.findTopic(data.topicId());
        ErrorCode missing = byName ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.UNKNOWN_TOPIC_ID;
        List<PartitionResult> results = new ArrayList<>(data.partitions().size());
        for (PartitionData partition : data.partitions()) {
            try {
                results.add(
                        topic == null ? turn.failed(partition.index(), missing, null) : serve(turn, topic, partition));
            } catch (RefusedBatchException e) {
                results.add(turn.refused(partition.index(), e));
            }
        }
        return new TopicResult(data.name(), data.topicId(), results);
    }

    private PartitionResult serve(Turn turn, TopicState topic, PartitionData data) {
        PartitionState partition = topic.partition(data.index());
        if (partition == null) {
            return turn.failed(data.index(), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        checkAllowed(turn, topic);
        if (partition.leader() != turn.received.node()) {
            return turn.sentToWrongNode(partition);
        }
        TopicPartition address = new TopicPartition(topic.name(), data.index());
        ErrorCode scripted = faults.takeErrorBeforeAppend(turn.received.node(), address);
        if (scripted != ErrorCode.NONE) {
            return turn.failed(data.index(), scripted, "as scripted");
        }
        ByteBuffer bytes = data.records().get(0);
        RecordBatch batch = BatchValidator.validate(bytes.duplicate(), topic.maxMessageBytes());
        checkTransaction(turn, address, batch.header());
        long baseOffset = partition.log().append(batch, bytes, partition.leaderEpoch());
        AfterAppend afterAppend = faults.takeFaultAfterAppend(turn.received.node(), address);
        turn.cutsConnection |= afterAppend.cutsConnection();
        return afterAppend.error() == ErrorCode.NONE
                ? turn.appended(data.index(), baseOffset, partition.log().startOffset())
                : turn.failed(data.index(), afterAppend.error(), "as scripted, after the append");
    }

    private void checkAllowed(Turn turn, TopicState topic) {
        int acks = turn.request.acks();
        if (acks < -1 || acks > 1) {
            throw new RefusedBatchException(ErrorCode.INVALID_REQUIRED_ACKS, "acks=" + acks);
        }
        ErrorCode ofTopic = topology.topicError(topic.name());
        if (ofTopic != ErrorCode.NONE) {
            throw new RefusedBatchException(ofTopic, "as scripted for topic=" + topic.name());
        }
    }

    /** A batch of a transaction either makes its partition part of it or finds that it is (KIP-890). */
    private void checkTransaction(Turn turn, TopicPartition address, RecordBatchHeader batch) {
        if (!batch.isTransactional()) {
            return;
        }
        String transactionalId = turn.request.transactionalId();
        if (transactionalId == null) {
            throw new RefusedBatchException(
                    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    "transactional batch in a request without transactional id");
        }
        int version = turn.received.version();
        Identity producer = new Identity(batch.producerId(), batch.producerEpoch());
        ErrorCode found = version >= FIRST_VERSION_THAT_ENROLS
                ? transactions.enrol(transactionalId, producer, List.of(address), Set.of())
                : transactions.verify(transactionalId, producer, address);
        ErrorCode error = CoordinatorService.toParticipant(found, version >= FIRST_VERSION_WITH_ABORTABLE);
        if (error != ErrorCode.NONE) {
            throw new RefusedBatchException(error, "partition is not part of a transaction of " + producer);
        }
    }

    /** What is found out while one request is served. */
    private final class Turn {

        private final ReceivedRequest received;
        private final ProduceRequest request;
        private final List<NodeEndpoint> hintedEndpoints = new ArrayList<>();
        private boolean hasFailed;
        private boolean cutsConnection;

        Turn(ReceivedRequest received, ProduceRequest request) {
            this.received = received;
            this.request = request;
        }

        PartitionResult appended(int index, long baseOffset, long logStartOffset) {
            return new PartitionResult(
                    index,
                    ErrorCode.NONE,
                    baseOffset,
                    NO_LOG_APPEND_TIME,
                    logStartOffset,
                    List.of(),
                    null,
                    LeaderHint.NONE);
        }

        PartitionResult failed(int index, ErrorCode error, @Nullable String message) {
            return failed(index, error, List.of(), message, LeaderHint.NONE);
        }

        PartitionResult refused(int index, RefusedBatchException refusal) {
            List<RecordError> recordErrors = refusal.recordIndex() == RefusedBatchException.NO_RECORD
                    ? List.of()
                    : List.of(new RecordError(refusal.recordIndex(), refusal.getMessage()));
            return failed(index, refusal.error(), recordErrors, refusal.getMessage(), LeaderHint.NONE);
        }

        PartitionResult sentToWrongNode(PartitionState partition) {
            int leader = partition.leader();
            LeaderHint hint = LeaderHint.NONE;
            if (leader != Topology.NO_NODE) {
                hint = new LeaderHint(leader, partition.leaderEpoch());
                NodeEndpoint endpoint =
                        new NodeEndpoint(leader, host, topology.node(leader).port(), null);
                if (!hintedEndpoints.contains(endpoint)) {
                    hintedEndpoints.add(endpoint);
                }
            }
            return failed(partition.index(), ErrorCode.NOT_LEADER_OR_FOLLOWER, List.of(), null, hint);
        }

        private PartitionResult failed(
                int index, ErrorCode error, List<RecordError> recordErrors, @Nullable String message, LeaderHint hint) {
            hasFailed = true;
            return new PartitionResult(
                    index, error, NO_OFFSET, NO_LOG_APPEND_TIME, NO_OFFSET, recordErrors, message, hint);
        }
    }
}
