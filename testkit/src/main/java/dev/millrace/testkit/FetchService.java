package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.testkit.ConsumerRequests.Fetch;
import dev.millrace.testkit.ConsumerRequests.FetchPartition;
import dev.millrace.testkit.ConsumerRequests.ListOffsets;
import dev.millrace.testkit.PartitionLog.AbortedTransaction;
import dev.millrace.testkit.TopicState.PartitionState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives records to consumers. Guarded by the cluster's lock. */
final class FetchService {

    private static final short NONE = 0;
    private static final short OFFSET_OUT_OF_RANGE = 1;
    private static final short UNKNOWN_TOPIC_OR_PARTITION = 3;
    private static final short NOT_LEADER_OR_FOLLOWER = 6;

    private static final long NOTHING = -1;
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;

    private static final int FIRST_LIST_OFFSETS_WITH_THROTTLE = 2;

    /** A broker would wait for records; here a consumer asks again after this time at the latest. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(10);

    private final Topology topology;

    FetchService(Topology topology) {
        this.topology = topology;
    }

    Answer answer(ReceivedRequest received, Fetch request) {
        Map<String, List<Part>> parts = new LinkedHashMap<>();
        long left = request.maxBytes();
        for (FetchPartition wanted : request.partitions()) {
            Part part = read(received.node(), wanted, request.isCommittedOnly(), left);
            left -= part.sizeBytes();
            parts.computeIfAbsent(wanted.partition().topic(), topic -> new ArrayList<>())
                    .add(part);
        }
        boolean isEmpty = parts.values().stream()
                .flatMap(List::stream)
                .allMatch(part -> part.error == NONE && part.batches.isEmpty());
        Answer answer = received.reply(out -> {
            out.writeInt32(0); // throttle time
            forEachTopic(out, parts, part -> write(out, part, request.isCommittedOnly()));
        });
        Duration wait = Duration.ofMillis(Math.min(request.maxWaitMillis(), LONGEST_WAIT.toMillis()));
        return isEmpty ? answer.after(wait) : answer;
    }

    /** What is given of one partition. */
    private record Part(
            int partition,
            short error,
            long highWatermark,
            long lastStableOffset,
            List<AbortedTransaction> aborted,
            List<StoredBatch> batches) {

        static Part failed(int partition, short error) {
            return new Part(partition, error, NOTHING, NOTHING, List.of(), List.of());
        }

        int sizeBytes() {
            return batches.stream().mapToInt(StoredBatch::sizeBytes).sum();
        }
    }

    private Part read(int node, FetchPartition wanted, boolean isCommittedOnly, long leftBytes) {
        int index = wanted.partition().partition();
        PartitionState partition = find(wanted.partition());
        if (partition == null) {
            return Part.failed(index, UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (partition.leader() != node) {
            return Part.failed(index, NOT_LEADER_OR_FOLLOWER);
        }
        PartitionLog log = partition.log();
        if (wanted.offset() < log.startOffset() || wanted.offset() > log.nextOffset()) {
            return Part.failed(index, OFFSET_OUT_OF_RANGE);
        }
        long end = isCommittedOnly ? log.lastStableOffset() : log.nextOffset();
        List<StoredBatch> batches = new ArrayList<>();
        long left = Math.min(wanted.maxBytes(), leftBytes);
        for (StoredBatch batch : log.batches()) {
            if (batch.lastOffset() < wanted.offset()) {
                continue;
            }
            boolean fits = batch.sizeBytes() <= left || batches.isEmpty(); // one in any case (KIP-74)
            if (batch.lastOffset() >= end || !fits) {
                break;
            }
            batches.add(batch);
            left -= batch.sizeBytes();
        }
        List<AbortedTransaction> aborted = isCommittedOnly ? log.abortedSince(wanted.offset()) : List.of();
        return new Part(index, NONE, log.nextOffset(), log.lastStableOffset(), aborted, batches);
    }

    private static void write(WireWriter out, Part part, boolean isCommittedOnly) {
        out.writeInt32(part.partition);
        out.writeInt16(part.error);
        out.writeInt64(part.highWatermark);
        out.writeInt64(part.lastStableOffset);
        if (isCommittedOnly) {
            out.writeArray(part.aborted, each -> {
                out.writeInt64(each.producerId());
                out.writeInt64(each.firstOffset());
            });
        } else {
            out.writeNullArray();
        }
        List<ByteBuffer> bytes =
                part.batches.stream().map(batch -> batch.bytes().duplicate()).toList();
        out.writeRecords(bytes, part.sizeBytes());
    }

    Answer answer(ReceivedRequest received, ListOffsets request) {
        Map<String, List<Place>> places = new LinkedHashMap<>();
        request.timestamps()
                .forEach((partition, timestamp) -> places.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                        .add(find(received.node(), partition, timestamp, request.isCommittedOnly())));
        return received.reply(out -> {
            if (received.version() >= FIRST_LIST_OFFSETS_WITH_THROTTLE) {
                out.writeInt32(0);
            }
            forEachTopic(out, places, place -> {
                out.writeInt32(place.partition);
                out.writeInt16(place.error);
                out.writeInt64(place.timestampMillis);
                out.writeInt64(place.offset);
            });
        });
    }

    /** Where in a partition something is. */
    private record Place(int partition, short error, long timestampMillis, long offset) {}

    private Place find(int node, TopicPartition wanted, long timestamp, boolean isCommittedOnly) {
        PartitionState partition = find(wanted);
        if (partition == null) {
            return new Place(wanted.partition(), UNKNOWN_TOPIC_OR_PARTITION, NOTHING, NOTHING);
        }
        if (partition.leader() != node) {
            return new Place(wanted.partition(), NOT_LEADER_OR_FOLLOWER, NOTHING, NOTHING);
        }
        PartitionLog log = partition.log();
        if (timestamp == LATEST) {
            long end = isCommittedOnly ? log.lastStableOffset() : log.nextOffset();
            return new Place(wanted.partition(), NONE, NOTHING, end);
        }
        if (timestamp == EARLIEST) {
            return new Place(wanted.partition(), NONE, NOTHING, log.startOffset());
        }
        return log.records().stream()
                .filter(record -> record.timestampMillis() >= timestamp)
                .findFirst()
                .map(record -> new Place(wanted.partition(), NONE, record.timestampMillis(), record.offset()))
                .orElse(new Place(wanted.partition(), NONE, NOTHING, NOTHING));
    }

    private @Nullable PartitionState find(TopicPartition wanted) {
        TopicState topic = topology.findTopic(wanted.topic());
        return topic == null ? null : topic.partition(wanted.partition());
    }

    static <T> void forEachTopic(WireWriter out, Map<String, List<T>> topics, Consumer<T> partition) {
        out.writeArrayLength(topics.size());
        topics.forEach((topic, partitions) -> {
            out.writeString(topic);
            out.writeArray(partitions, partition);
        });
    }
}
