package dev.millrace.producer.errors;

/** Where on its way a record failed. */
public enum Stage {
    /** Interceptors, serializers, partitioner, size check: on the caller's thread. */
    PREPARE,
    /** Accepted, waiting for the bytes of an asynchronous serializer. */
    SERIALIZE,
    /** Waiting for buffer memory. */
    BUFFER,
    /** Accepted, waiting for the cluster to tell the topic's partitions. */
    METADATA,
    /** In a batch that was never written to a connection. */
    QUEUE,
    /** In a batch that was written to a connection at least once. */
    IN_FLIGHT,
    /** Not about a record: configuration, life cycle. */
    NONE
}
