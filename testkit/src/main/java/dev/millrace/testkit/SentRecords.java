package dev.millrace.testkit;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was sent, topic by topic: what assertions look at.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface SentRecords<K extends @Nullable Object, V extends @Nullable Object> {

    /** The topics there are, or that something was sent to. */
    Set<String> topics();

    /**
     * All records of a topic that were delivered, also those of transactions that are open or aborted: partition after
     * partition, in the order of their offsets.
     */
    List<SentRecord<K, V>> sent(String topic);

    /** Those of {@link #sent} that a consumer sees which reads committed records only. */
    List<SentRecord<K, V>> committed(String topic);
}
