package dev.millrace.producer.architecture.planted.internal.accumulator;

import dev.millrace.producer.internal.metadata.ClusterSnapshot;

/** Uses what its row does not allow. */
public interface AsksTheCluster {
    /** The violation. */
    ClusterSnapshot planted();
}
