package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.List;

/** The batches of a request while it is put together, in their final form and with their final sizes. */
@EventLoopOnly
final class RequestDraft {

    private final ProduceRequestPlanner planner;
    private final List<DrainedBatch> batches;
    private int bytes;

    RequestDraft(ProduceRequestPlanner planner, int expected) {
        this.planner = planner;
        this.batches = new ArrayList<>(expected);
    }

    /** Whether a batch of this size fits beside those that are in. */
    boolean takes(int sizeBytes) {
        return planner.fits(batches.size(), bytes, sizeBytes);
    }

    void add(DrainedBatch batch) {
        batches.add(batch);
        bytes += batch.batch().sizeBytes();
    }

    List<DrainedBatch> batches() {
        return batches;
    }
}
