package dev.millrace.producer.internal.client;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot.BufferState;
import dev.millrace.producer.PipelineSnapshot.DeliveryState;
import dev.millrace.producer.PipelineSnapshot.WaitingTopic;
import dev.millrace.producer.errors.ErrorCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says which part of the pipeline holds the others up. Pure. What is nearest to the user's own code is looked at first:
 * slow callbacks make everything before them look slow.
 *
 * @param bottleneck the part
 * @param explanation the same for a human
 */
record PipelineDiagnosis(Bottleneck bottleneck, String explanation) {

    /** Outcomes that wait no longer than this are on their way. */
    static final long SLOW_DELIVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Names of connections' states; one that is drained comes back by itself. */
    private static final Set<String> CONNECTED = Set.of("READY", "DRAINING");

    private static final int NAMED_AT_MOST = 3;

    static PipelineDiagnosis of(
            DeliveryState delivery,
            BufferState buffer,
            @Nullable String metadataProblem,
            int waitingForIdentity,
            List<WaitingTopic> topics,
            List<PartitionSnapshot> partitions,
            List<NodeSnapshot> nodes) {
        if (delivery.delayNanos() >= SLOW_DELIVERY_NANOS) {
            return new PipelineDiagnosis(
                    Bottleneck.CALLBACKS,
                    "callbacks or continuations of futures are slow: batches waiting=" + delivery.batches() + " oldest="
                            + millis(delivery.delayNanos()));
        }
        List<PartitionSnapshot> leaderless = select(partitions, each -> each.leader() == PartitionInfo.NO_LEADER);
        if (!topics.isEmpty() || !leaderless.isEmpty()) {
            return new PipelineDiagnosis(Bottleneck.METADATA, metadata(topics, leaderless, metadataProblem));
        }
        if (waitingForIdentity > 0) {
            return new PipelineDiagnosis(
                    Bottleneck.IDENTITY,
                    "the cluster has given no producer id: partitions waiting=" + waitingForIdentity);
        }
        List<NodeSnapshot> wanted = select(nodes, node -> node.partitionsReady() > 0);
        List<NodeSnapshot> unconnected = select(wanted, node -> !CONNECTED.contains(node.state()));
        if (!unconnected.isEmpty()) {
            return new PipelineDiagnosis(Bottleneck.CONNECTION, "no connection to " + names(unconnected));
        }
        List<NodeSnapshot> throttled = select(wanted, node -> node.throttledNanos() > 0);
        if (!throttled.isEmpty()) {
            return new PipelineDiagnosis(Bottleneck.THROTTLE, "a quota of the cluster holds back " + names(throttled));
        }
        List<PartitionSnapshot> refused = select(
                partitions,
                each -> each.lastError() != ErrorCode.NONE && each.batchesInFlight() < each.batchesUnderWay());
        if (!refused.isEmpty()) {
            PartitionSnapshot first = refused.get(0);
            return new PipelineDiagnosis(
                    Bottleneck.RETRY,
                    "batches are sent again: partitions=" + refused.size() + ", for instance " + first.partition()
                            + " attempts=" + first.attempts() + " error=" + first.lastError());
        }
        if (!wanted.isEmpty() || buffer.waitingThreads() > 0) {
            return new PipelineDiagnosis(
                    Bottleneck.BROKER,
                    "brokers take less than is sent: buffer=" + buffer.usedBytes() + "/" + buffer.limitBytes()
                            + " B waiting threads=" + buffer.waitingThreads()
                            + (wanted.isEmpty() ? "" : " requests waiting for " + names(wanted)));
        }
        return new PipelineDiagnosis(Bottleneck.NONE, "nothing holds the producer up");
    }

    private static String metadata(
            List<WaitingTopic> topics, List<PartitionSnapshot> leaderless, @Nullable String problem) {
        String what = topics.isEmpty()
                ? "partitions without leader: "
                        + some(leaderless.stream()
                                .map(each -> each.partition().toString())
                                .toList())
                : "topics not described by the cluster: "
                        + some(topics.stream().map(PipelineDiagnosis::named).toList());
        return problem == null ? what : what + "; metadata: " + problem;
    }

    private static String named(WaitingTopic topic) {
        return topic.problem() == null ? topic.topic() : topic.topic() + " (" + topic.problem() + ")";
    }

    private static String names(List<NodeSnapshot> nodes) {
        return some(nodes.stream().map(PipelineDiagnosis::named).toList());
    }

    private static String named(NodeSnapshot node) {
        String name = "node " + node.node() + " at " + node.address();
        if (node.lastFailure() != null) {
            return name + " (" + node.lastFailure() + ")";
        }
        return node.throttledNanos() > 0 ? name + " for " + millis(node.throttledNanos()) : name;
    }

    private static String some(List<String> names) {
        String shown = names.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
        return names.size() > NAMED_AT_MOST ? shown + " and " + (names.size() - NAMED_AT_MOST) + " more" : shown;
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }

    private static <T> List<T> select(List<T> all, Predicate<T> which) {
        return all.stream().filter(which).toList();
    }
}
