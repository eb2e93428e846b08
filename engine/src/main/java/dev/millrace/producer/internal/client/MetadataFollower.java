package dev.millrace.producer.internal.client;

/** A producer as news of the cluster reach it. Event loop. */
public interface MetadataFollower {

    /** The cluster was described anew. */
    void onClusterChanged();

    /** The bootstrap servers' names have been unknown for too long. */
    void onClusterHopeless();
}
