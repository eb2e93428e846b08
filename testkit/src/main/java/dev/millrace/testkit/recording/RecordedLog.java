package dev.millrace.testkit.recording;

import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.testkit.SentRecord;
import dev.millrace.testkit.recording.RecordedTransaction.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was delivered. Its own lock guards it; nothing is called under it. */
final class RecordedLog<K extends @Nullable Object, V extends @Nullable Object> {

    private record Entry<K extends @Nullable Object, V extends @Nullable Object>(
            SentRecord<K, V> record, @Nullable RecordedTransaction transaction) {

        boolean is(Fate fate) {
            return transaction != null && transaction.fate() == fate;
        }
    }

    private final Map<String, Integer> partitions; // of the topics that are described
    private final List<Entry<K, V>> entries = new ArrayList<>();
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> progress = new HashMap<>();

    RecordedLog(Map<String, Integer> partitions) {
        this.partitions = Map.copyOf(partitions);
    }

    int partitions(String topic) {
        return partitions.getOrDefault(topic, 1);
    }

    boolean isDescribed(String topic) {
        return partitions.containsKey(topic);
    }

    synchronized long nextOffset(String topic, int partition) {
        return nextOffsets.merge(new TopicPartition(topic, partition), 1L, Long::sum) - 1;
    }

    synchronized void add(SentRecord<K, V> record, @Nullable RecordedTransaction transaction) {
        entries.add(new Entry<>(record, transaction));
    }

    synchronized Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>(partitions.keySet());
        entries.forEach(entry -> topics.add(entry.record().topic()));
        return topics;
    }

    synchronized List<SentRecord<K, V>> sent(String topic) {
        return inOrder(topic).stream().map(Entry::record).toList();
    }

    /** Of each partition up to the first record that is still open. */
    synchronized List<SentRecord<K, V>> committed(String topic) {
        Set<Integer> stopped = new HashSet<>();
        List<SentRecord<K, V>> committed = new ArrayList<>();
        for (Entry<K, V> entry : inOrder(topic)) {
            if (entry.is(Fate.OPEN)) {
                stopped.add(entry.record().partition());
            }
            if (!entry.is(Fate.ABORTED) && !stopped.contains(entry.record().partition())) {
                committed.add(entry.record());
            }
        }
        return committed;
    }

    synchronized List<SentRecord<K, V>> aborted(String topic) {
        return inOrder(topic).stream()
                .filter(entry -> entry.is(Fate.ABORTED))
                .map(Entry::record)
                .toList();
    }

    private List<Entry<K, V>> inOrder(String topic) {
        return entries.stream()
                .filter(entry -> entry.record().topic().equals(topic))
                .sorted(Comparator.comparingInt(entry -> entry.record().partition())) // stable
                .toList();
    }

    synchronized void commitOffsets(Map<String, Map<TopicPartition, OffsetAndMetadata>> ofGroups) {
        ofGroups.forEach((group, offsets) ->
                progress.computeIfAbsent(group, each -> new HashMap<>()).putAll(offsets));
    }

    synchronized Map<TopicPartition, OffsetAndMetadata> committedOffsets(String group) {
        return Map.copyOf(progress.getOrDefault(group, Map.of()));
    }

    synchronized void clear() {
        entries.clear();
        progress.clear();
    }
}
