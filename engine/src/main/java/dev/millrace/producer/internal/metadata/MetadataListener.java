package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** Hears of refreshes, on the event loop. */
@EventLoopOnly
public interface MetadataListener {

    /** There is a new snapshot; also when it brought nothing new, or an error for a topic. */
    void onUpdate(ClusterSnapshot snapshot);

    /** An attempt to refresh failed; another one follows. */
    void onFailure(MetadataProblem problem);
}
