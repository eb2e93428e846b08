package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.metadataSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.TopicErrors;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitResponse;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedDelivery;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import dev.millrace.producer.internal.time.Backoff;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.observe.TransactionEnd;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transactions without records, on a simulated network: node 1 answers everything, node 2 is there to move to. Answers
 * are NONE unless {@link #answers} says otherwise for the next ones; {@link #trace} has every request about a transaction
 * in the order of arrival.
 */
final class TransactionBench {

    static final TopicPartition A0 = new TopicPartition("a", 0);
    static final TopicPartition A1 = new TopicPartition("a", 1);
    static final TopicPartition B0 = new TopicPartition("b", 0);
    static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("readers");
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration MAX_BLOCK = Duration.ofSeconds(60);
    static final ErrorCode SILENCE = ErrorCode.NETWORK_EXCEPTION; // in a script: no answer at all

    static final long PRODUCER_ID = 100;

    final SimulatedEventLoop loop = new SimulatedEventLoop();
    final SimulatedTransport network = new SimulatedTransport(loop);
    final SimulatedBroker one = network.broker("b1", 9092);
    final SimulatedBroker two = network.broker("b2", 9092);
    final SimulatedDelivery delivery = new SimulatedDelivery(loop);
    final FakeRecords records = new FakeRecords();
    final List<String> trace = new ArrayList<>();
    final List<TransactionEnd> ends = new ArrayList<>();
    final List<Long> identities = new ArrayList<>();
    final Map<ApiKey, Queue<ErrorCode>> scripts = new EnumMap<>(ApiKey.class);
    final Map<TopicPartition, ErrorCode> partitionErrors = new HashMap<>(); // for the next answer with partitions
    final List<SimulatedRequest> unanswered = new ArrayList<>();

    int coordinatorNode = 1;
    short epoch = -1; // what the coordinator has
    short transactionVersion;
    final TransactionManager transactions;
    final DrainGate gate;
    final Idempotence idempotence;

    TransactionBench() {
        this(0);
    }

    TransactionBench(int transactionVersion) {
        this.transactionVersion = (short) transactionVersion;
        serve(one);
        serve(two);
        ClusterMetadata metadata =
                new ClusterMetadata(loop, network, connectionSettings(), metadataSettings(one.address()), noJitter());
        metadata.start();
        loop.advance(SECOND);
        transactions = new TransactionManager(new TransactionParts(
                new TransactionSettings("test", "tx", 60_000, MAX_BLOCK.toNanos()),
                loop,
                delivery,
                metadata,
                listener -> new BrokerConnections(
                        loop, network, connectionSettings(), listener, metadata.connectionCommons(), noJitter()),
                new Backoff(Duration.ofMillis(100).toNanos(), SECOND.toNanos(), noJitter()),
                new ObserverRelay(delivery, new ProducerObserver() {
                    @Override
                    public void onTransaction(TransactionEnd transaction) {
                        ends.add(transaction);
                    }
                })));
        transactions.attach(records);
        gate = transactions.gate();
        idempotence = transactions.idempotence(new IdentitySource.Listener() {
            @Override
            public void onIdentity(long producerId) {
                identities.add(producerId);
            }

            @Override
            public void onIdentityRefused(ErrorCode error) {
                throw new AssertionError(error);
            }
        });
    }

    /** The next answers to requests of the API, one each. */
    TransactionBench answers(ApiKey key, ErrorCode... errors) {
        Queue<ErrorCode> script = scripts.computeIfAbsent(key, each -> new ArrayDeque<>());
        script.addAll(List.of(errors));
        return this;
    }

    TransactionState state() {
        return transactions.state();
    }

    /** Initialised, and a transaction begun. */
    TransactionBench begun() {
        initialised();
        done(transactions.begin());
        return this;
    }

    TransactionBench initialised() {
        done(transactions.init());
        trace.clear();
        return this;
    }

    /** Begun, with a partition enrolled, one batch of it stamped and acknowledged. */
    TransactionBench withRecords() {
        begun();
        send(A0);
        trace.clear();
        return this;
    }

    /** A batch of one record goes through the gate and is acknowledged. */
    PartitionSequences send(TopicPartition partition) {
        if (!gate.admits(partition)) {
            loop.advanceUntil(() -> gate.admits(partition), SECOND);
        }
        PartitionSequences sequences = idempotence.newPartition(partition);
        sequences.assign(1);
        sequences.onAcknowledged();
        return sequences;
    }

    /** What the call gives, which it must within the second. */
    <T extends @Nullable Object> T done(CompletableFuture<T> call) {
        loop.advanceUntil(call::isDone, SECOND);
        return call.join();
    }

    /** Why the call failed, which it must within the time. */
    Throwable failure(CompletableFuture<?> call, Duration within) {
        loop.advanceUntil(call::isDone, within);
        return call.handle((value, failed) -> failed).join();
    }

    Throwable failure(CompletableFuture<?> call) {
        return failure(call, SECOND);
    }

    TransactionOutcome commit() {
        return done(transactions.commit());
    }

    TransactionOutcome abort() {
        return done(transactions.abort());
    }

    CompletableFuture<Void> sendOffsets(TopicPartition... partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            offsets.put(partition, new OffsetAndMetadata(5));
        }
        return transactions.sendOffsets(offsets, GROUP);
    }

    void serve(SimulatedBroker broker) {
        int node = broker == one ? 1 : 2;
        broker.on(ApiKey.API_VERSIONS, request -> {
            ApiVersionsResponse plain = broker.versions();
            Map<String, Short> features =
                    transactionVersion == 0 ? Map.of() : Map.of("transaction.version", transactionVersion);
            request.answer(new ApiVersionsResponse(ErrorCode.NONE, plain.apiVersions(), 0, 7, features));
        });
        broker.on(
                ApiKey.METADATA,
                request -> request.answer(
                        new MetadataAnswer().node(1, one).node(2, two).build()));
        broker.on(ApiKey.FIND_COORDINATOR, this::findCoordinator);
        broker.on(ApiKey.INIT_PRODUCER_ID, request -> {
            InitProducerIdRequest body = request.body(InitProducerIdRequest::read);
            String what = "InitProducerId v" + request.version() + " " + body.producerId() + "/" + body.producerEpoch();
            answer(request, node, what, error -> {
                if (error == ErrorCode.NONE) {
                    epoch++;
                }
                InitProducerIdResponse response = new InitProducerIdResponse(
                        0, error, error == ErrorCode.NONE ? PRODUCER_ID : -1, error == ErrorCode.NONE ? epoch : -1);
                request.answer(response);
            });
        });
        broker.on(ApiKey.ADD_PARTITIONS_TO_TXN, request -> {
            AddPartitionsToTxnRequest body = request.body(AddPartitionsToTxnRequest::read);
            List<TopicPartition> partitions = new ArrayList<>();
            body.topics().forEach(topic -> topic.partitions()
                    .forEach(index -> partitions.add(new TopicPartition(topic.name(), index))));
            answer(request, node, "AddPartitions v" + request.version() + " " + partitions, error -> {
                AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse(0, errors(partitions, error));
                request.answerWith(out -> response.write(out, request.version()));
            });
        });
        broker.on(ApiKey.ADD_OFFSETS_TO_TXN, request -> {
            AddOffsetsToTxnRequest body = request.body(AddOffsetsToTxnRequest::read);
            answer(request, node, "AddOffsets v" + request.version() + " " + body.groupId(), error -> {
                AddOffsetsToTxnResponse response = new AddOffsetsToTxnResponse(0, error);
                request.answerWith(out -> response.write(out, request.version()));
            });
        });
        broker.on(ApiKey.TXN_OFFSET_COMMIT, request -> {
            TxnOffsetCommitRequest body = request.body(TxnOffsetCommitRequest::read);
            List<TopicPartition> partitions = new ArrayList<>();
            body.topics().forEach(topic -> topic.partitions()
                    .forEach(each -> partitions.add(new TopicPartition(topic.name(), each.index()))));
            answer(request, node, "OffsetCommit v" + request.version() + " " + body.groupId() + partitions, error -> {
                TxnOffsetCommitResponse response = new TxnOffsetCommitResponse(0, errors(partitions, error));
                request.answerWith(out -> response.write(out, request.version()));
            });
        });
        broker.on(ApiKey.END_TXN, request -> {
            EndTxnRequest body = request.body(EndTxnRequest::read);
            String what = (body.committed() ? "Commit v" : "Abort v") + request.version() + " " + body.producerEpoch();
            answer(request, node, what, error -> endTxn(request, error));
        });
    }

    private void endTxn(SimulatedRequest request, ErrorCode error) {
        boolean bumps = request.version() >= 5 && error == ErrorCode.NONE;
        if (bumps) {
            epoch++;
        }
        EndTxnResponse response = new EndTxnResponse(0, error, bumps ? PRODUCER_ID : -1, bumps ? epoch : -1);
        request.answerWith(out -> response.write(out, request.version()));
    }

    private void findCoordinator(SimulatedRequest request) {
        FindCoordinatorRequest body = request.body(FindCoordinatorRequest::read);
        String key = body.keys().get(0);
        answer(request, 0, "FindCoordinator " + body.type() + " " + key, error -> {
            SimulatedBroker broker = coordinatorNode == 1 ? one : two;
            Coordinator coordinator = error == ErrorCode.NONE
                    ? new Coordinator(
                            key,
                            coordinatorNode,
                            broker.address().host(),
                            broker.address().port(),
                            error,
                            null)
                    : new Coordinator(key, -1, "", -1, error, null);
            FindCoordinatorResponse response = new FindCoordinatorResponse(0, List.of(coordinator));
            request.answerWith(out -> response.write(out, request.version()));
        });
    }

    private void answer(SimulatedRequest request, int node, String what, Consumer<ErrorCode> how) {
        trace.add(node == 2 ? what + " at 2" : what);
        Queue<ErrorCode> script = scripts.getOrDefault(request.apiKey(), new ArrayDeque<>());
        ErrorCode error = script.isEmpty() ? ErrorCode.NONE : script.remove();
        if (error == SILENCE) {
            unanswered.add(request);
        } else {
            how.accept(error);
        }
    }

    private List<TopicErrors> errors(List<TopicPartition> partitions, ErrorCode error) {
        List<TopicErrors> topics = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            ErrorCode own = partitionErrors.getOrDefault(partition, error);
            topics.add(new TopicErrors(
                    partition.topic(), List.of(new TopicErrors.PartitionError(partition.partition(), own))));
        }
        partitionErrors.clear();
        return topics;
    }

    /** Of use where a test is about what came when. */
    List<Duration> arrivals(ApiKey key) {
        return List.of(one, two).stream()
                .flatMap(broker -> broker.requests(key).stream())
                .map(SimulatedRequest::arrivedAt)
                .sorted()
                .toList();
    }
}
