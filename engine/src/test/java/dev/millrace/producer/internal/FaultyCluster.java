package dev.millrace.producer.internal;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.simulation.CoordinatorCall;
import dev.millrace.producer.internal.simulation.ProduceCall;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes a cluster misbehave by chance, but only in ways in which real ones do: a broker works on the requests of a
 * connection in order, goes on with those it has read when the connection breaks, and never answers out of order.
 */
final class FaultyCluster {

    private static final ErrorCode[] REFUSALS = {
        ErrorCode.NOT_ENOUGH_REPLICAS,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        ErrorCode.KAFKA_STORAGE_ERROR,
        ErrorCode.NOT_LEADER_OR_FOLLOWER,
        ErrorCode.LEADER_NOT_AVAILABLE,
        ErrorCode.CORRUPT_MESSAGE
    };

    private static final ErrorCode[] AFTER_APPEND = {
        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        ErrorCode.REQUEST_TIMED_OUT,
        ErrorCode.NOT_LEADER_OR_FOLLOWER,
        ErrorCode.KAFKA_STORAGE_ERROR
    };

    private static final ErrorCode[] LASTING = {
        ErrorCode.TOPIC_AUTHORIZATION_FAILED,
        ErrorCode.INVALID_RECORD,
        ErrorCode.TRANSACTION_ABORTABLE,
        ErrorCode.INVALID_TXN_STATE,
        ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    };

    private static final ErrorCode[] PASSING = {
        ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        ErrorCode.NOT_COORDINATOR,
        ErrorCode.CONCURRENT_TRANSACTIONS
    };

    private final SimulatedEventLoop loop;
    private final SimulatedCluster cluster;
    private final RandomGenerator random;
    private final int nodes;
    private final IdentityHashMap<Object, Long> busyUntilNanos = new IdentityHashMap<>(); // by connection
    private final Set<Object> deaf = new HashSet<>(); // connections whose requests vanish
    private final int[] starts;
    private final boolean[] down;
    private int faultPercent;
    private int maxDelayMillis;
    private int lastingPercent;

    FaultyCluster(SimulatedEventLoop loop, SimulatedCluster cluster, RandomGenerator random, int nodes) {
        this.loop = loop;
        this.cluster = cluster;
        this.random = random;
        this.nodes = nodes;
        this.starts = new int[nodes + 1];
        this.down = new boolean[nodes + 1];
        cluster.onProduce(call -> queue(call.nodeId(), call.request(), () -> carryOut(call)));
        cluster.coordinators().onAny(call -> queue(call.nodeId(), call.request(), () -> carryOut(call)));
    }

    /** How many of a hundred requests meet a fault, and how long others take at the most. */
    void misbehave(int percent, int delayMillis) {
        faultPercent = percent;
        maxDelayMillis = delayMillis;
    }

    /** How many of a hundred refusals are of the kind that does not pass. */
    void refuseForGood(int percent) {
        lastingPercent = percent;
    }

    void kill(int node) {
        down[node] = true;
        starts[node]++;
        cluster.broker(node).goDown();
    }

    void start(int node) {
        down[node] = false;
        cluster.broker(node).comeUp();
    }

    void cut(int node) {
        cluster.broker(node).closeConnections();
    }

    /** Ends all faults. */
    void heal() {
        misbehave(0, 0);
        cluster.limitBatches(Integer.MAX_VALUE);
        for (int node = 1; node <= nodes; node++) {
            start(node);
        }
    }

    private void queue(int nodeId, SimulatedRequest request, Runnable work) {
        Object connection = request.connection();
        long now = loop.elapsed().toNanos();
        long begin = Math.max(now, busyUntilNanos.getOrDefault(connection, now));
        long end = begin
                + (maxDelayMillis == 0
                        ? 0
                        : Duration.ofMillis(random.nextInt(maxDelayMillis)).toNanos());
        busyUntilNanos.put(connection, end);
        int start = starts[nodeId];
        loop.schedule(end - now, () -> {
            if (start == starts[nodeId] && !deaf.contains(connection)) {
                work.run();
            }
        });
    }

    private void carryOut(CoordinatorCall call) {
        if (call.apiKey() == ApiKey.INIT_PRODUCER_ID && !coordinatorsFail(call)) {
            call.carryOutAndAnswer();
            return;
        }
        if (random.nextInt(100) >= faultPercent) {
            call.carryOutAndAnswer();
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                call.carryOut();
                call.request().closeConnection();
            }
            case 1 -> call.request().closeConnection();
            case 2 -> deaf.add(call.request().connection());
            case 3 -> {
                call.carryOut();
                deaf.add(call.request().connection());
            }
            case 4 -> {
                call.carryOut(); // in the log of the coordinator, which fails before it can say so
                call.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
            }
            default -> refuse(call);
        }
    }

    /** Producers without transactions are not to be asked for the coordinators' sake. */
    private static boolean coordinatorsFail(CoordinatorCall call) {
        return call.body(InitProducerIdRequest.class).transactionalId() != null;
    }

    private void refuse(CoordinatorCall call) {
        ErrorCode[] errors = random.nextInt(100) < lastingPercent ? lastingErrors(call.apiKey()) : PASSING;
        call.refuse(errors[random.nextInt(errors.length)]);
    }

    private static ErrorCode[] lastingErrors(ApiKey api) {
        return switch (api) {
            case ADD_PARTITIONS_TO_TXN ->
                new ErrorCode[] {
                    ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                    ErrorCode.OPERATION_NOT_ATTEMPTED,
                    ErrorCode.TRANSACTION_ABORTABLE
                };
            case ADD_OFFSETS_TO_TXN ->
                new ErrorCode[] {ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TRANSACTION_ABORTABLE};
            case TXN_OFFSET_COMMIT ->
                new ErrorCode[] {
                    ErrorCode.ILLEGAL_GENERATION,
                    ErrorCode.UNKNOWN_MEMBER_ID,
                    ErrorCode.FENCED_INSTANCE_ID,
                    ErrorCode.TRANSACTION_ABORTABLE
                };
            default -> PASSING;
        };
    }

    private void carryOut(ProduceCall call) {
        if (random.nextInt(100) >= faultPercent) {
            call.appendAndAnswer();
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                call.append();
                call.request().closeConnection();
            }
            case 1 -> call.request().closeConnection();
            case 2 -> deaf.add(call.request().connection());
            case 3 -> {
                call.append();
                deaf.add(call.request().connection());
            }
            case 4 -> {
                ErrorCode[] errors = random.nextInt(100) < lastingPercent ? LASTING : REFUSALS;
                call.answer(sometimes(errors[random.nextInt(errors.length)], call, false));
            }
            default -> call.answer(sometimes(AFTER_APPEND[random.nextInt(AFTER_APPEND.length)], call, true));
        }
    }

    /** Answers some of the partitions with an error, instead of appending or after it. */
    private List<PartitionResult> sometimes(ErrorCode error, ProduceCall call, boolean appends) {
        List<PartitionResult> results = new ArrayList<>();
        for (ProduceCall.Part part : call.parts()) {
            boolean fails = random.nextBoolean();
            if (!fails) {
                results.add(call.append(part));
                continue;
            }
            PartitionResult honest = appends ? call.append(part) : null;
            boolean isRefused = honest != null && honest.error() != ErrorCode.NONE;
            results.add(
                    isRefused && honest != null
                            ? honest
                            : ProduceCall.result(part.where().partition(), error, -1));
        }
        return results;
    }

    boolean isDown(int node) {
        return down[node];
    }
}
