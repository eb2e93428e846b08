package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The one way by which accepted records end. Each batch is handed to the delivery executor once, in the order in which
 * the event loop ends them, and there all its futures complete.
 *
 * <p>The counts satisfy {@code accepted = delivered + failed + pending} at any moment nothing is being handed over.
 */
public final class Completions {

    private final Executor delivery;
    private final Set<ProducerBatch> incomplete = ConcurrentHashMap.newKeySet();
    private final AtomicInteger replacements = new AtomicInteger();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Completes on the given executor, which must run one task at a time, in order. */
    public Completions(Executor delivery) {
        this.delivery = delivery;
    }

    /**
     * The records of the batch are delivered. Event loop.
     *
     * @param baseOffset offset of the first record, {@link RecordMetadata#NO_OFFSET} if the broker told none
     * @param logAppendTimeMillis the broker's time on topics that use it, else -1
     */
    public void succeed(ProducerBatch batch, long baseOffset, long logAppendTimeMillis) {
        batch.markCompleted();
        delivery.execute(() -> {
            batch.succeed(baseOffset, logAppendTimeMillis);
            delivered.add(batch.recordCount());
            end(batch);
        });
    }

    /** The records of the batch have failed, all for the same reason. Event loop. */
    public void fail(ProducerBatch batch, ProducerException failure) {
        failEach(batch, index -> failure);
    }

    /** The records of the batch have failed; each index within the batch has its reason. Event loop. */
    public void failEach(ProducerBatch batch, Function<Integer, ProducerException> failures) {
        batch.markCompleted();
        delivery.execute(() -> {
            batch.fail(failures);
            failed.add(batch.recordCount());
            end(batch);
        });
    }

    /** Records that waited for their topic have failed. They are out of their queue already. */
    public void failWaiting(String topic, List<WaitingRecord> records, Function<WaitingRecord, ProducerException> why) {
        if (records.isEmpty()) {
            return;
        }
        delivery.execute(() -> {
            for (WaitingRecord waiting : records) {
                Integer chosen = waiting.partition();
                int partition = chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
                waiting.completion().fail(topic, partition, why.apply(waiting));
                failed.increment();
                waiting.tickets().forEach(FlushTicket::countDown);
            }
        });
    }

    /** Records delivered since the beginning. */
    public long delivered() {
        return delivered.sum();
    }

    /** Records that failed after they were accepted, since the beginning. */
    public long failed() {
        return failed.sum();
    }

    /** A batch exists that will have to end. */
    void opened(ProducerBatch batch) {
        incomplete.add(batch);
    }

    /** The batch's records go on in its pieces, and so does whoever waits for them. */
    void replaced(ProducerBatch batch, List<ProducerBatch> pieces) {
        incomplete.addAll(pieces);
        replacements.incrementAndGet();
        batch.splitInto(pieces);
        incomplete.remove(batch);
    }

    /** Batches that have not ended. A walk can miss pieces of a batch if {@link #replacements} has grown since its start. */
    Iterable<ProducerBatch> incomplete() {
        return incomplete;
    }

    /** How many batches have been replaced by pieces. */
    int replacements() {
        return replacements.get();
    }

    private void end(ProducerBatch batch) {
        incomplete.remove(batch);
        batch.finish();
    }
}
