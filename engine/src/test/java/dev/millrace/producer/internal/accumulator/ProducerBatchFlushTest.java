package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TopicPartition;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProducerBatchFlushTest {

    @Test
    void continuationsOfAFlushRunWithoutTheBatchLock() {
        ProducerBatch batch = new ProducerBatch(new TopicPartition("orders", 0), 0, 0);
        FlushTicket ticket = new FlushTicket();
        batch.attach(ticket);
        ticket.countDown();
        CompletableFuture<Boolean> heldLock = ticket.done().thenApply(done -> Thread.holdsLock(batch));

        batch.finish();

        assertThat(heldLock).isCompletedWithValue(false);
    }

    @Test
    void aFinishedBatchHoldsUpNoFlush() {
        ProducerBatch batch = new ProducerBatch(new TopicPartition("orders", 0), 0, 0);
        FlushTicket ticket = new FlushTicket();
        batch.finish();

        batch.attach(ticket);
        ticket.countDown();

        assertThat(ticket.done()).isCompleted();
    }
}
