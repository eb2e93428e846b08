package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.TopicResult;
import dev.millrace.producer.internal.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A Produce request that arrived at a node of a {@link SimulatedCluster}, and what the node may do with it. */
public final class ProduceCall {

    private final SimulatedCluster cluster;
    private final int nodeId;
    private final SimulatedRequest request;
    private final short acks;
    private final @Nullable String transactionalId;
    private final List<Part> parts;

    ProduceCall(SimulatedCluster cluster, int nodeId, SimulatedRequest request, ProduceRequest body, List<Part> parts) {
        this.cluster = cluster;
        this.nodeId = nodeId;
        this.request = request;
        this.acks = body.acks();
        this.transactionalId = body.transactionalId();
        this.parts = List.copyOf(parts);
    }

    /**
     * One partition's batch.
     *
     * @param where its partition
     * @param topicId the id the request names the topic by, {@link TopicIds#UNKNOWN} if it uses the name
     * @param batch what is to be appended
     * @param sizeBytes its size
     */
    public record Part(TopicPartition where, UUID topicId, RecordBatch batch, int sizeBytes) {}

    /** The node it arrived at. */
    public int nodeId() {
        return nodeId;
    }

    /** The request, for delays and connections that end. */
    public SimulatedRequest request() {
        return request;
    }

    /** The id its transactional batches belong to, null if it has none. */
    public @Nullable String transactionalId() {
        return transactionalId;
    }

    /** What it carries. */
    public List<Part> parts() {
        return parts;
    }

    /** The batch of a request that carries one. */
    public RecordBatch onlyBatch() {
        if (parts.size() != 1) {
            throw new AssertionError("one batch expected, there are " + parts.size());
        }
        return parts.get(0).batch();
    }

    /** Appends what can be appended now, and says what became of it. */
    public List<PartitionResult> append() {
        return parts.stream().map(this::append).toList();
    }

    /** Appends one of the batches if it can be appended now, and says what became of it. */
    public PartitionResult append(Part part) {
        return cluster.append(this, part);
    }

    /** The normal thing to do. */
    public void appendAndAnswer() {
        answer(append());
    }

    /** Appends nothing and answers every partition with this error. */
    public void refuse(ErrorCode error) {
        answer(parts.stream()
                .map(part -> result(part.where().partition(), error, -1))
                .toList());
    }

    /** Answers with results in the order of {@link #parts()}; more or fewer of them make an answer that does not fit. */
    public void answer(List<PartitionResult> results) {
        answer(results, 0);
    }

    /** As {@link #answer(List)}, and asks the client to be silent for a while. */
    public void answer(List<PartitionResult> results, int throttleTimeMillis) {
        if (acks == 0) {
            return;
        }
        List<TopicResult> topics = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Part part = parts.get(Math.min(i, parts.size() - 1));
            boolean byName = request.version() <= 12;
            topics.add(new TopicResult(byName ? part.where().topic() : "", part.topicId(), List.of(results.get(i))));
        }
        request.answer(new ProduceResponse(topics, throttleTimeMillis, cluster.endpoints()));
    }

    /** A result. */
    public static PartitionResult result(int partition, ErrorCode error, long baseOffset) {
        return new PartitionResult(partition, error, baseOffset, -1, 0, List.of(), null, LeaderHint.NONE);
    }

    /** A refusal that says who leads instead. */
    public static PartitionResult movedTo(int partition, int leader, int leaderEpoch) {
        return new PartitionResult(
                partition,
                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                -1,
                -1,
                0,
                List.of(),
                null,
                new LeaderHint(leader, leaderEpoch));
    }

    @Override
    public String toString() {
        return "node " + nodeId + " at " + request.arrivedAt() + ": " + parts;
    }
}
