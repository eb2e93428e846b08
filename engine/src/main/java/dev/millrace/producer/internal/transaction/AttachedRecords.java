package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ProducerException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The records of the producer, which is built after its transactions. */
final class AttachedRecords implements RecordFlow {

    private @Nullable RecordFlow flow; // null only while the producer is being assembled

    void attach(RecordFlow records) {
        flow = records;
    }

    @Override
    public CompletableFuture<Void> flush() {
        return flow().flush();
    }

    @Override
    public CompletableFuture<Void> answered() {
        return flow().answered();
    }

    @Override
    public boolean stampAnew() {
        return flow().stampAnew();
    }

    @Override
    public void failUnsent(ProducerException why) {
        flow().failUnsent(why);
    }

    @Override
    public void onAdmitted() {
        flow().onAdmitted();
    }

    private RecordFlow flow() {
        RecordFlow attached = flow;
        if (attached == null) {
            throw new IllegalStateException("the records of the producer are not attached");
        }
        return attached;
    }
}
