package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest.TopicPartitions;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.TopicErrors;
import dev.millrace.producer.internal.protocol.message.TopicErrors.PartitionError;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.PartitionOffset;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.TopicOffsets;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitResponse;
import dev.millrace.testkit.Topology.Node;
import dev.millrace.testkit.TransactionCoordinator.Decision;
import dev.millrace.testkit.TransactionCoordinator.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Serves the requests of transactions. A running node coordinates each transactional id and each group: the one their name
 * leads to, or the next. Guarded by the cluster's lock.
 */
final class CoordinatorService {

    private static final int FIRST_INIT_WITH_FENCED = 4;
    private static final int FIRST_WITH_FENCED = 2;
    private static final int FIRST_END_WITH_BUMP = 5;
    private static final int FIRST_OFFSETS_WITH_ABORTABLE = 4;
    private static final int FIRST_OFFSETS_THAT_ENROL = 5;

    private final Topology topology;
    private final FaultScript faults;
    private final TransactionCoordinator transactions;
    private final GroupOffsets offsets;
    private final String host;

    CoordinatorService(
            Topology topology,
            FaultScript faults,
            TransactionCoordinator transactions,
            GroupOffsets offsets,
            String host) {
        this.topology = topology;
        this.faults = faults;
        this.transactions = transactions;
        this.offsets = offsets;
        this.host = host;
    }

    /** The node that coordinates a transactional id or a group, {@link Topology#NO_NODE} if none runs. */
    int nodeOf(String key) {
        return topology.firstRunningFrom(
                Math.floorMod(key.hashCode(), topology.nodes().size()));
    }

    Answer answer(ReceivedRequest received, FindCoordinatorRequest request) {
        ErrorCode scripted = faults.takeCoordinatorError(received.node(), received.api());
        List<Coordinator> coordinators =
                request.keys().stream().map(key -> find(key, scripted)).toList();
        FindCoordinatorResponse response = new FindCoordinatorResponse(0, coordinators);
        return received.reply(out -> response.write(out, received.version()));
    }

    private Coordinator find(String key, ErrorCode scripted) {
        int nodeId = nodeOf(key);
        ErrorCode error = nodeId == Topology.NO_NODE ? ErrorCode.COORDINATOR_NOT_AVAILABLE : scripted;
        if (error != ErrorCode.NONE) {
            return new Coordinator(key, -1, "", -1, error, null);
        }
        Node node = topology.node(nodeId);
        return new Coordinator(key, nodeId, host, node.port(), ErrorCode.NONE, null);
    }

    Answer answer(ReceivedRequest received, InitProducerIdRequest request, String transactionalId) {
        ErrorCode misplaced = misplaced(received, transactionalId);
        Decision decision = misplaced == ErrorCode.NONE
                ? transactions.initialise(
                        transactionalId,
                        request.transactionTimeoutMillis(),
                        new Identity(request.producerId(), request.producerEpoch()))
                : Decision.refuse(misplaced);
        InitProducerIdResponse response = new InitProducerIdResponse(
                0,
                asKnown(decision.error(), received.version() >= FIRST_INIT_WITH_FENCED),
                decision.identity().producerId(),
                decision.identity().epoch());
        return received.reply(out -> response.write(out, received.version()));
    }

    Answer answer(ReceivedRequest received, AddPartitionsToTxnRequest request) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicPartitions topic : request.topics()) {
            topic.partitions().forEach(partition -> partitions.add(new TopicPartition(topic.name(), partition)));
        }
        ErrorCode refused = refused(received, request.transactionalId());
        boolean allExist = partitions.stream().allMatch(this::exists);
        ErrorCode error;
        if (refused != ErrorCode.NONE) {
            error = refused;
        } else if (!allExist) {
            error = ErrorCode.OPERATION_NOT_ATTEMPTED;
        } else {
            Identity producer = new Identity(request.producerId(), request.producerEpoch());
            error = asKnown(
                    transactions.enrol(request.transactionalId(), producer, partitions, Set.of()),
                    received.version() >= FIRST_WITH_FENCED);
        }
        List<TopicErrors> topics = request.topics().stream()
                .map(topic -> new TopicErrors(
                        topic.name(),
                        topic.partitions().stream()
                                .map(partition -> added(new TopicPartition(topic.name(), partition), error))
                                .toList()))
                .toList();
        AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse(0, topics);
        return received.reply(out -> response.write(out, received.version()));
    }

    private PartitionError added(TopicPartition partition, ErrorCode error) {
        boolean isMissing = error == ErrorCode.OPERATION_NOT_ATTEMPTED && !exists(partition);
        return new PartitionError(partition.partition(), isMissing ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : error);
    }

    Answer answer(ReceivedRequest received, AddOffsetsToTxnRequest request) {
        ErrorCode refused = refused(received, request.transactionalId());
        ErrorCode error = refused == ErrorCode.NONE
                ? transactions.enrol(
                        request.transactionalId(),
                        new Identity(request.producerId(), request.producerEpoch()),
                        List.of(),
                        Set.of(request.groupId()))
                : refused;
        AddOffsetsToTxnResponse response =
                new AddOffsetsToTxnResponse(0, asKnown(error, received.version() >= FIRST_WITH_FENCED));
        return received.reply(out -> response.write(out, received.version()));
    }

    Answer answer(ReceivedRequest received, EndTxnRequest request) {
        ErrorCode refused = refused(received, request.transactionalId());
        Identity producer = new Identity(request.producerId(), request.producerEpoch());
        Decision decision;
        if (refused != ErrorCode.NONE) {
            decision = Decision.refuse(refused);
        } else if (received.version() >= FIRST_END_WITH_BUMP) {
            decision = transactions.endAndBump(request.transactionalId(), producer, request.committed());
        } else {
            decision = Decision.refuse(asKnown(
                    transactions.end(request.transactionalId(), producer, request.committed()),
                    received.version() >= FIRST_WITH_FENCED));
        }
        EndTxnResponse response = new EndTxnResponse(
                0,
                decision.error(),
                decision.identity().producerId(),
                decision.identity().epoch());
        return received.reply(out -> response.write(out, received.version()));
    }

    Answer answer(ReceivedRequest received, TxnOffsetCommitRequest request) {
        ErrorCode scripted = faults.takeCoordinatorError(received.node(), received.api());
        ErrorCode misplaced = scripted == ErrorCode.NONE ? misplaced(received, request.groupId()) : scripted;
        ErrorCode error = misplaced == ErrorCode.NONE ? admit(request, received.version()) : misplaced;
        List<TopicErrors> topics = new ArrayList<>();
        for (TopicOffsets topic : request.topics()) {
            List<PartitionError> partitions = new ArrayList<>();
            for (PartitionOffset each : topic.partitions()) {
                partitions.add(
                        new PartitionError(each.index(), error == ErrorCode.NONE ? add(request, topic, each) : error));
            }
            topics.add(new TopicErrors(topic.name(), partitions));
        }
        TxnOffsetCommitResponse response = new TxnOffsetCommitResponse(0, topics);
        return received.reply(out -> response.write(out, received.version()));
    }

    private ErrorCode admit(TxnOffsetCommitRequest request, short version) {
        Identity producer = new Identity(request.producerId(), request.producerEpoch());
        ErrorCode error = version >= FIRST_OFFSETS_THAT_ENROL
                ? transactions.enrol(request.transactionalId(), producer, List.of(), Set.of(request.groupId()))
                : transactions.verify(request.transactionalId(), producer, request.groupId());
        return toParticipant(error, version >= FIRST_OFFSETS_WITH_ABORTABLE);
    }

    private ErrorCode add(TxnOffsetCommitRequest request, TopicOffsets topic, PartitionOffset each) {
        TopicPartition partition = new TopicPartition(topic.name(), each.index());
        if (!exists(partition)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        offsets.add(request.groupId(), request.producerId(), partition, each.offset());
        return ErrorCode.NONE;
    }

    /** What the coordinator's refusal is called by a node that asked it for a client. */
    static ErrorCode toParticipant(ErrorCode error, boolean knowsAbortable) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE -> knowsAbortable ? error : ErrorCode.INVALID_TXN_STATE;
            default -> error;
        };
    }

    private ErrorCode refused(ReceivedRequest received, String transactionalId) {
        ErrorCode scripted = faults.takeCoordinatorError(received.node(), received.api());
        return scripted == ErrorCode.NONE ? misplaced(received, transactionalId) : scripted;
    }

    private ErrorCode misplaced(ReceivedRequest received, String key) {
        return nodeOf(key) == received.node() ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR;
    }

    private boolean exists(TopicPartition partition) {
        TopicState topic = topology.findTopic(partition.topic());
        return topic != null && topic.partition(partition.partition()) != null;
    }

    private static ErrorCode asKnown(ErrorCode error, boolean knowsFenced) {
        return error == ErrorCode.PRODUCER_FENCED && !knowsFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
    }
}
