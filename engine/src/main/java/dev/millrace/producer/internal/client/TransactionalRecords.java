package dev.millrace.producer.internal.client;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.sender.Sender;
import dev.millrace.producer.internal.transaction.RecordFlow;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** The records of a transactional producer, wherever they are: waiting for their topic, queued, under way. */
final class TransactionalRecords implements RecordFlow {

    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Sender sender;
    private final WaitingRoom waitingRoom;

    TransactionalRecords(ClientParts parts, WaitingRoom waitingRoom) {
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.sender = parts.sender();
        this.waitingRoom = waitingRoom;
    }

    /**
     * Waits for requests, too, whose records have ended by their deadline: what arrives at a broker after the end of its
     * transaction would stay open there for ever (KAFKA-14402).
     */
    @Override
    public CompletableFuture<Void> flush() {
        return accumulator.flush().thenCompose(ended -> answered());
    }

    @Override
    public CompletableFuture<Void> answered() {
        CompletableFuture<Void> answers = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                CompletableFuture<Boolean> unused = sender.whenAnswered().thenApply(answered -> answers.complete(null));
            });
        } catch (RejectedExecutionException ended) {
            answers.complete(null); // nothing travels any more
        }
        return answers;
    }

    @Override
    public boolean stampAnew() {
        return sender.stampAnew();
    }

    @Override
    public void failUnsent(ProducerException why) {
        sender.failUnsent(why);
        waitingRoom.failRecords(why);
    }

    @Override
    public void onAdmitted() {
        sender.onAdmitted();
    }
}
