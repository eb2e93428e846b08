package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import java.util.HashMap;
import java.util.Map;

/** The offsets of consumer groups, committed and in open transactions. Guarded by the cluster's lock. */
final class GroupOffsets {

    private final Map<String, Map<TopicPartition, Long>> committed = new HashMap<>();
    private final Map<Pending, Map<TopicPartition, Long>> pending = new HashMap<>();

    private record Pending(String groupId, long producerId) {}

    void add(String groupId, long producerId, TopicPartition partition, long offset) {
        pending.computeIfAbsent(new Pending(groupId, producerId), key -> new HashMap<>())
                .put(partition, offset);
    }

    void end(String groupId, long producerId, boolean commits) {
        Map<TopicPartition, Long> ended = pending.remove(new Pending(groupId, producerId));
        if (commits && ended != null) {
            committed.computeIfAbsent(groupId, id -> new HashMap<>()).putAll(ended);
        }
    }

    void commit(String groupId, Map<TopicPartition, Long> offsets) {
        committed.computeIfAbsent(groupId, id -> new HashMap<>()).putAll(offsets);
    }

    Map<TopicPartition, Long> committed(String groupId) {
        return Map.copyOf(committed.getOrDefault(groupId, Map.of()));
    }
}
