package dev.millrace.spring;

import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import org.jspecify.annotations.Nullable;

/** A partitioner that outlives the producers which use it, as an {@link UnclosedSerializer} does. */
record UnclosedPartitioner<K extends @Nullable Object, V extends @Nullable Object>(Partitioner<K, V> delegate)
        implements Partitioner<K, V> {

    @Override
    public int partition(RecordView<K, V> record, TopicView topic) {
        return delegate.partition(record, topic);
    }

    @Override
    public void close() {
        // stays open: whoever made the partitioner closes it
    }
}
