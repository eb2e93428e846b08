package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.CoordinatorType;
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
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitResponse;
import dev.millrace.producer.internal.simulation.CoordinatorCall.Answer;
import dev.millrace.producer.internal.simulation.SimulatedTransactions.Identity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The coordinators of a {@link SimulatedCluster} as its nodes serve them: who coordinates what, and what each answers. Node
 * 1 coordinates everything until something is moved.
 *
 * <pre>
 * coordinators.move(CoordinatorType.TRANSACTION, "orders-tx-0", 2);   // node 1 says NOT_COORDINATOR from now on
 * coordinators.failNext(ApiKey.END_TXN, ErrorCode.REQUEST_TIMED_OUT); // once, without doing anything
 * coordinators.on(ApiKey.END_TXN, CoordinatorCall::carryOut);         // applied, never answered
 * </pre>
 */
public final class SimulatedCoordinators {

    private static final int FIRST_NODE = 1;
    private static final int FIRST_INIT_WITH_FENCED = 4;
    private static final int FIRST_WITH_FENCED = 2;
    private static final int FIRST_END_WITH_BUMP = 5;
    private static final int FIRST_OFFSETS_WITH_ABORTABLE = 4;
    private static final int FIRST_OFFSETS_THAT_ENROL = 5;
    private static final int FIRST_PRODUCE_WITH_ABORTABLE = 11;
    private static final int FIRST_PRODUCE_THAT_ENROLS = 12;

    private final SimulatedCluster cluster;
    private final SimulatedEventLoop loop;
    private final SimulatedTransactions transactions;
    private final SimulatedGroups groups;
    private final Map<Key, Place> places = new HashMap<>();
    private final Map<ApiKey, Deque<ErrorCode>> scripted = new EnumMap<>(ApiKey.class);
    private final Map<ApiKey, Consumer<CoordinatorCall>> scripts = new EnumMap<>(ApiKey.class);
    private final List<CoordinatorCall> calls = new ArrayList<>();
    private Consumer<CoordinatorCall> onAny = CoordinatorCall::carryOutAndAnswer;

    SimulatedCoordinators(
            SimulatedCluster cluster,
            SimulatedEventLoop loop,
            SimulatedTransactions transactions,
            SimulatedGroups groups) {
        this.cluster = cluster;
        this.loop = loop;
        this.transactions = transactions;
        this.groups = groups;
    }

    private record Key(CoordinatorType type, String name) {}

    private record Place(int nodeId, long readyAtNanos) {}

    /** Which node coordinates a transactional id or a group. */
    public int nodeOf(CoordinatorType type, String name) {
        return place(type, name).nodeId;
    }

    /** Makes another node the coordinator. */
    public void move(CoordinatorType type, String name, int nodeId) {
        move(type, name, nodeId, Duration.ZERO);
    }

    /** Makes another node the coordinator, which has to read its log first. */
    public void move(CoordinatorType type, String name, int nodeId, Duration loading) {
        places.put(
                new Key(type, name),
                new Place(nodeId, loop.elapsed().plus(loading).toNanos()));
    }

    /** The next requests of an API are answered with these errors, one each; NONE lets one pass. */
    public void failNext(ApiKey key, ErrorCode... errors) {
        scripted.computeIfAbsent(key, api -> new ArrayDeque<>()).addAll(List.of(errors));
    }

    /** From now on this happens with requests of an API. */
    public void on(ApiKey key, Consumer<CoordinatorCall> script) {
        scripts.put(key, script);
    }

    /** From now on this happens with requests for which there is no other script. */
    public void onAny(Consumer<CoordinatorCall> script) {
        onAny = script;
    }

    /** All requests so far, in order of arrival. */
    public List<CoordinatorCall> calls() {
        return List.copyOf(calls);
    }

    /** The requests of one API so far. */
    public List<CoordinatorCall> calls(ApiKey key) {
        return calls.stream().filter(call -> call.apiKey() == key).toList();
    }

    private Place place(CoordinatorType type, String name) {
        return places.getOrDefault(new Key(type, name), new Place(FIRST_NODE, 0));
    }

    void take(int nodeId, SimulatedRequest request, Object body) {
        CoordinatorCall call = new CoordinatorCall(this, nodeId, request, body);
        calls.add(call);
        Deque<ErrorCode> errors = scripted.get(request.apiKey());
        ErrorCode error = errors == null || errors.isEmpty() ? ErrorCode.NONE : errors.remove();
        if (error == ErrorCode.NONE) {
            scripts.getOrDefault(request.apiKey(), onAny).accept(call);
        } else {
            call.refuse(error);
        }
    }

    /** What a broker finds out before it appends a batch of a transaction (KIP-890). */
    ErrorCode admit(String transactionalId, short version, ProduceCall.Part part) {
        Place place = place(CoordinatorType.TRANSACTION, transactionalId);
        if (cluster.broker(place.nodeId).isDown() || isLoading(place)) {
            return ErrorCode.NOT_ENOUGH_REPLICAS;
        }
        long producerId = part.batch().header().producerId();
        short epoch = part.batch().header().producerEpoch();
        boolean enrols = version >= FIRST_PRODUCE_THAT_ENROLS;
        ErrorCode error = enrols
                ? transactions.enrol(transactionalId, producerId, epoch, List.of(part.where()), List.of())
                : transactions.verify(transactionalId, producerId, epoch, part.where());
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case CONCURRENT_TRANSACTIONS -> enrols ? error : ErrorCode.NOT_ENOUGH_REPLICAS;
            case TRANSACTION_ABORTABLE -> version >= FIRST_PRODUCE_WITH_ABORTABLE ? error : ErrorCode.INVALID_TXN_STATE;
            default -> error;
        };
    }

    Answer carryOut(CoordinatorCall call) {
        Object body = call.body();
        if (body instanceof FindCoordinatorRequest request) {
            return new FindCoordinatorResponse(
                    0,
                    request.keys().stream()
                            .map(key -> find(request.type(), key))
                            .toList())::write;
        }
        if (body instanceof InitProducerIdRequest request && request.transactionalId() == null) {
            return cluster.identify()::write;
        }
        ErrorCode misplaced = misplaced(call);
        return misplaced == ErrorCode.NONE ? carryOutHere(call) : refusal(call, misplaced);
    }

    private Coordinator find(CoordinatorType type, String key) {
        int nodeId = place(type, key).nodeId;
        if (cluster.broker(nodeId).isDown()) {
            return new Coordinator(key, -1, "", -1, ErrorCode.COORDINATOR_NOT_AVAILABLE, null);
        }
        BrokerAddress address = cluster.broker(nodeId).address();
        return new Coordinator(key, nodeId, address.host(), address.port(), ErrorCode.NONE, null);
    }

    private ErrorCode misplaced(CoordinatorCall call) {
        Object body = call.body();
        Place place = body instanceof TxnOffsetCommitRequest offsets
                ? place(CoordinatorType.GROUP, offsets.groupId())
                : place(CoordinatorType.TRANSACTION, transactionalId(body));
        if (place.nodeId != call.nodeId()) {
            return ErrorCode.NOT_COORDINATOR;
        }
        return isLoading(place) ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE;
    }

    private boolean isLoading(Place place) {
        return loop.elapsed().toNanos() < place.readyAtNanos;
    }

    private static String transactionalId(Object body) {
        if (body instanceof InitProducerIdRequest init) {
            String id = init.transactionalId();
            return id == null ? "" : id;
        }
        if (body instanceof AddPartitionsToTxnRequest add) {
            return add.transactionalId();
        }
        if (body instanceof AddOffsetsToTxnRequest add) {
            return add.transactionalId();
        }
        if (body instanceof EndTxnRequest end) {
            return end.transactionalId();
        }
        throw new AssertionError("not a request to a transaction coordinator: " + body);
    }

    private Answer carryOutHere(CoordinatorCall call) {
        Object body = call.body();
        short version = call.request().version();
        if (body instanceof InitProducerIdRequest init) {
            Identity identity = transactions.initProducerId(
                    transactionalId(init), init.transactionTimeoutMillis(), init.producerId(), init.producerEpoch());
            return identity(identity, version);
        }
        if (body instanceof AddPartitionsToTxnRequest add) {
            return addPartitions(add, version);
        }
        if (body instanceof AddOffsetsToTxnRequest add) {
            ErrorCode error = transactions.enrol(
                    add.transactionalId(), add.producerId(), add.producerEpoch(), List.of(), List.of(add.groupId()));
            return refusal(call, asKnown(error, version));
        }
        if (body instanceof EndTxnRequest end) {
            return end(end, version);
        }
        return commitOffsets(call.body(TxnOffsetCommitRequest.class), version);
    }

    private static Answer identity(Identity identity, short version) {
        boolean knowsFenced = version >= FIRST_INIT_WITH_FENCED;
        ErrorCode error = identity.error() == ErrorCode.PRODUCER_FENCED && !knowsFenced
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : identity.error();
        return new InitProducerIdResponse(0, error, identity.producerId(), identity.epoch())::write;
    }

    private static ErrorCode asKnown(ErrorCode error, short version) {
        return error == ErrorCode.PRODUCER_FENCED && version < FIRST_WITH_FENCED
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : error;
    }

    private Answer addPartitions(AddPartitionsToTxnRequest add, short version) {
        List<TopicPartition> partitions = add.topics().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition)))
                .toList();
        boolean allExist = partitions.stream().allMatch(cluster::exists);
        ErrorCode error = allExist
                ? transactions.enrol(
                        add.transactionalId(), add.producerId(), add.producerEpoch(), partitions, List.of())
                : ErrorCode.OPERATION_NOT_ATTEMPTED;
        return addedPartitions(
                add,
                partition ->
                        cluster.exists(partition) ? asKnown(error, version) : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static Answer addedPartitions(AddPartitionsToTxnRequest add, Function<TopicPartition, ErrorCode> errors) {
        List<TopicErrors> topics = add.topics().stream()
                .map(topic -> new TopicErrors(
                        topic.name(),
                        topic.partitions().stream()
                                .map(partition -> new PartitionError(
                                        partition, errors.apply(new TopicPartition(topic.name(), partition))))
                                .toList()))
                .toList();
        return new AddPartitionsToTxnResponse(0, topics)::write;
    }

    private Answer end(EndTxnRequest end, short version) {
        if (version >= FIRST_END_WITH_BUMP) {
            Identity next = transactions.endAndBump(
                    end.transactionalId(), end.producerId(), end.producerEpoch(), end.committed());
            return new EndTxnResponse(0, next.error(), next.producerId(), next.epoch())::write;
        }
        ErrorCode error =
                transactions.end(end.transactionalId(), end.producerId(), end.producerEpoch(), end.committed());
        return new EndTxnResponse(0, asKnown(error, version), -1, (short) -1)::write;
    }

    private Answer commitOffsets(TxnOffsetCommitRequest commit, short version) {
        ErrorCode refused = groups.check(commit.groupId(), commit.member());
        ErrorCode error = refused == ErrorCode.NONE ? admit(commit, version) : refused;
        return committedOffsets(commit, partition -> {
            if (error != ErrorCode.NONE) {
                return error;
            }
            return cluster.exists(partition) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        });
    }

    private ErrorCode admit(TxnOffsetCommitRequest commit, short version) {
        Place place = place(CoordinatorType.TRANSACTION, commit.transactionalId());
        if (cluster.broker(place.nodeId).isDown() || isLoading(place)) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        boolean enrols = version >= FIRST_OFFSETS_THAT_ENROL;
        ErrorCode error = enrols
                ? transactions.enrol(
                        commit.transactionalId(),
                        commit.producerId(),
                        commit.producerEpoch(),
                        Set.of(),
                        Set.of(commit.groupId()))
                : transactions.verify(
                        commit.transactionalId(), commit.producerId(), commit.producerEpoch(), commit.groupId());
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case CONCURRENT_TRANSACTIONS -> enrols ? error : ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case TRANSACTION_ABORTABLE -> version >= FIRST_OFFSETS_WITH_ABORTABLE ? error : ErrorCode.INVALID_TXN_STATE;
            default -> error;
        };
    }

    private Answer committedOffsets(TxnOffsetCommitRequest commit, Function<TopicPartition, ErrorCode> errors) {
        List<TopicErrors> topics = new ArrayList<>();
        for (TxnOffsetCommitRequest.TopicOffsets topic : commit.topics()) {
            List<PartitionError> partitions = new ArrayList<>();
            for (TxnOffsetCommitRequest.PartitionOffset each : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), each.index());
                ErrorCode error = errors.apply(partition);
                if (error == ErrorCode.NONE) {
                    groups.add(commit.groupId(), commit.producerId(), partition, each.offset());
                }
                partitions.add(new PartitionError(each.index(), error));
            }
            topics.add(new TopicErrors(topic.name(), partitions));
        }
        return new TxnOffsetCommitResponse(0, topics)::write;
    }

    /** Accepts the offsets of some partitions and refuses those of others, which have an error here. */
    public Answer commitSome(CoordinatorCall call, Map<TopicPartition, ErrorCode> refused) {
        TxnOffsetCommitRequest commit = call.body(TxnOffsetCommitRequest.class);
        ErrorCode error = admit(commit, call.request().version());
        return committedOffsets(
                commit, partition -> error == ErrorCode.NONE ? refused.getOrDefault(partition, error) : error);
    }

    Answer refusal(CoordinatorCall call, ErrorCode error) {
        Object body = call.body();
        if (body instanceof FindCoordinatorRequest find) {
            return new FindCoordinatorResponse(
                    0,
                    find.keys().stream()
                            .map(key -> new Coordinator(key, -1, "", -1, error, null))
                            .toList())::write;
        }
        if (body instanceof InitProducerIdRequest) {
            return new InitProducerIdResponse(0, error, -1, (short) -1)::write;
        }
        if (body instanceof AddPartitionsToTxnRequest add) {
            return addedPartitions(add, partition -> error);
        }
        if (body instanceof AddOffsetsToTxnRequest) {
            return new AddOffsetsToTxnResponse(0, error)::write;
        }
        if (body instanceof EndTxnRequest) {
            return new EndTxnResponse(0, error, -1, (short) -1)::write;
        }
        return committedOffsets(call.body(TxnOffsetCommitRequest.class), partition -> error);
    }
}
