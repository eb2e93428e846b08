package dev.millrace.producer.internal.client;

/** A producer as news of the cluster reach it. Event loop. */
public interface MetadataFollower {

    /** The cluster was described anew. */
    void onClusterChanged();

    /** Waiting for the first description of the cluster is of no use, see {@code MetadataProblem#isHopeless}. */
    void onUnreachable();
}
