package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ProducerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Records that end when the test says so; by default there are none. */
final class FakeRecords implements RecordFlow {

    final List<ProducerException> failedUnsent = new ArrayList<>();
    int admissions;
    int flushes;
    boolean inDoubt;
    CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

    /** From now on records are under way, until the returned future is completed. */
    CompletableFuture<Void> hold() {
        ended = new CompletableFuture<>();
        return ended;
    }

    @Override
    public CompletableFuture<Void> flush() {
        flushes++;
        return ended;
    }

    @Override
    public CompletableFuture<Void> answered() {
        return ended;
    }

    @Override
    public boolean stampAnew() {
        return !inDoubt;
    }

    @Override
    public void failUnsent(ProducerException why) {
        failedUnsent.add(why);
    }

    @Override
    public void onAdmitted() {
        admissions++;
    }
}
