package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Every request that came in, and every one no broker would have read. Guarded by the cluster's lock. */
final class RequestJournal {

    private static final int ACKS_OF_OTHERS = -1;

    private final List<FakeRequest> requests = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Topology topology;

    RequestJournal(Topology topology) {
        this.topology = topology;
    }

    void note(ReceivedRequest received, int connection) {
        int acks = received.body() instanceof ProduceRequest produce ? produce.acks() : ACKS_OF_OTHERS;
        List<FakeBatch> batches = batchesOf(received);
        requests.add(new FakeRequest(
                received.api(),
                received.version(),
                received.node(),
                connection,
                received.header().correlationId(),
                received.header().clientId(),
                System.nanoTime(),
                acks,
                topicsOf(received, batches),
                batches));
    }

    void noteRefusal(String reason) {
        refusals.add(reason);
    }

    List<FakeRequest> requests() {
        return List.copyOf(requests);
    }

    List<FakeRequest> requests(Api api) {
        return requests.stream().filter(request -> request.api() == api).toList();
    }

    long count(Api api) {
        return requests.stream().filter(request -> request.api() == api).count();
    }

    boolean contains(Predicate<FakeRequest> wanted) {
        return requests.stream().anyMatch(wanted);
    }

    List<String> refusals() {
        return List.copyOf(refusals);
    }

    void clear() {
        requests.clear();
        refusals.clear();
    }

    private List<FakeBatch> batchesOf(ReceivedRequest received) {
        if (!(received.body() instanceof ProduceRequest produce)) {
            return List.of();
        }
        List<FakeBatch> batches = new ArrayList<>();
        for (TopicData topic : produce.topics()) {
            String name = nameOf(topic, received.version());
            for (PartitionData partition : topic.partitions()) {
                batches.add(FakeBatch.of(
                        name, partition.index(), partition.records().get(0)));
            }
        }
        return List.copyOf(batches);
    }

    /** Where a Produce request writes; nothing for others. */
    Set<TopicPartition> partitionsOf(ReceivedRequest received) {
        if (!(received.body() instanceof ProduceRequest produce)) {
            return Set.of();
        }
        Set<TopicPartition> partitions = new HashSet<>();
        for (TopicData topic : produce.topics()) {
            String name = nameOf(topic, received.version());
            topic.partitions().forEach(each -> partitions.add(new TopicPartition(name, each.index())));
        }
        return partitions;
    }

    private String nameOf(TopicData topic, short version) {
        if (version <= ProduceService.LAST_VERSION_WITH_NAMES) {
            return topic.name();
        }
        TopicState known = topology.findTopic(topic.topicId());
        return known == null ? topic.topicId().toString() : known.name();
    }

    private static List<String> topicsOf(ReceivedRequest received, List<FakeBatch> batches) {
        if (received.body() instanceof MetadataRequest metadata) {
            List<String> asked = metadata.topics();
            return asked == null ? List.of() : List.copyOf(asked);
        }
        return batches.stream().map(FakeBatch::topic).distinct().toList();
    }
}
