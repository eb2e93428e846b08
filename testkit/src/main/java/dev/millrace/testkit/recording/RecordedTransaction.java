package dev.millrace.testkit.recording;

import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transaction: what became of it, and what is to be committed with it. Its own lock guards it. */
final class RecordedTransaction {

    /** What became of a transaction. */
    enum Fate {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets = new HashMap<>();
    private Fate fate = Fate.OPEN;
    private @Nullable ProducerException firstFailure;

    synchronized Fate fate() {
        return fate;
    }

    synchronized void ends(Fate as) {
        fate = as;
    }

    synchronized void failed(ProducerException failure) {
        if (firstFailure == null) {
            firstFailure = failure;
        }
    }

    synchronized @Nullable ProducerException firstFailure() {
        return firstFailure;
    }

    synchronized void addOffsets(String group, Map<TopicPartition, OffsetAndMetadata> progress) {
        offsets.computeIfAbsent(group, each -> new HashMap<>()).putAll(progress);
    }

    synchronized Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets() {
        return Map.copyOf(offsets);
    }
}
