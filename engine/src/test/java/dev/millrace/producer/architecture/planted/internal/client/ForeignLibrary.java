package dev.millrace.producer.architecture.planted.internal.client;

import org.apache.kafka.common.TopicPartition;

/** Uses the client this engine replaces. */
public interface ForeignLibrary {
    /** The violation. */
    TopicPartition planted();
}
