package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.PipelineSnapshot.DeliveryState;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.time.Ticker;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.RecordRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which accepted records end. Each batch is handed to the delivery executor once, in the order in which
 * the event loop ends them, and there all its futures complete.
 *
 * <p>The counts satisfy {@code accepted = delivered + failed + pending} at any moment nothing is being handed over.
 */
public final class Completions {

    private final Executor delivery;
    private final DeliveryBacklog backlog;
    private final Ticker ticker;
    private final ObserverRelay observer;
    private final FailureWatch watch;
    private final Set<ProducerBatch> incomplete = ConcurrentHashMap.newKeySet();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    // held while records move from a batch to its pieces, and while flush looks for batches, so that it misses none
    private final ReentrantLock moving = new ReentrantLock();

    private volatile @Nullable ProducerBatch delivering; // null while no callback of a batch runs
    private final AtomicInteger untold = new AtomicInteger(); // batches

    /**
     * Completes on the given executor, which must run one task at a time, in order.
     *
     * @param pool what waits for slow callbacks counts against it
     * @param observer hears of the end of each batch
     * @param watch hears of failures before anybody else
     */
    public Completions(Executor delivery, BufferPool pool, Ticker ticker, ObserverRelay observer, FailureWatch watch) {
        this.delivery = delivery;
        this.backlog = new DeliveryBacklog(pool);
        this.ticker = ticker;
        this.observer = observer;
        this.watch = watch;
    }

    /**
     * The records of the batch are delivered. Event loop.
     *
     * @param baseOffset offset of the first record, {@link RecordMetadata#NO_OFFSET} if the broker told none
     * @param logAppendTimeMillis the broker's time on topics that use it, else -1
     */
    public void succeed(ProducerBatch batch, long baseOffset, long logAppendTimeMillis) {
        handOver(batch, null, () -> {
            batch.succeed(baseOffset, logAppendTimeMillis);
            delivered.add(batch.recordCount());
        });
    }

    /** The records of the batch have failed, all for the same reason. Event loop. */
    public void fail(ProducerBatch batch, ProducerException failure) {
        watch.onFailing(failure);
        handOverFailed(batch, index -> failure);
    }

    /** The records of the batch have failed; each index within the batch has its reason. Event loop. */
    public void failEach(ProducerBatch batch, Function<Integer, ProducerException> failures) {
        for (int index = 0; index < batch.recordCount(); index++) {
            watch.onFailing(failures.apply(index));
        }
        handOverFailed(batch, failures);
    }

    /**
     * Records that waited in the topic have failed. They were removed from it in the same task of the event loop: whoever
     * commits in the next one knows of them, however long it takes to tell the user.
     */
    public void failWaiting(
            TopicQueues queues, List<WaitingRecord> records, Function<WaitingRecord, ProducerException> why) {
        if (records.isEmpty()) {
            return;
        }
        long bytes = 0;
        List<ProducerException> failures = new ArrayList<>(records.size());
        for (WaitingRecord waiting : records) {
            ProducerException failure = why.apply(waiting);
            bytes += waiting.costBytes();
            failures.add(failure);
            watch.onFailing(failure);
        }
        String topic = queues.topic();
        handOver(DeliveryBacklog.costOf(records.size(), bytes), () -> {
            for (int index = 0; index < records.size(); index++) {
                WaitingRecord waiting = records.get(index);
                ProducerException failure = failures.get(index);
                Integer chosen = waiting.partition();
                int partition = chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
                waiting.completion().fail(topic, partition, failure);
                failed.increment();
                tellRefused(topic, partition, failure);
                queues.told(waiting);
            }
        });
    }

    /** Says that a record is about to be refused, before it is told. Any thread. */
    public void announceRefusal(ProducerException why) {
        watch.onFailing(why);
    }

    /** A record that never got anywhere hears of it on the delivery executor. It is counted by whoever refused it. */
    public void refuse(String topic, int partition, RecordCompletion completion, ProducerException why) {
        handOver(DeliveryBacklog.costOf(1, 0), () -> completion.fail(topic, partition, why));
    }

    /** What user code hears of an outcome right now, for messages; null if none does. Any thread. */
    public @Nullable String runningCallback() {
        ProducerBatch batch = delivering;
        return batch == null ? null : batch.runningCallback();
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
        moving.lock();
        try {
            incomplete.addAll(pieces);
            batch.handTicketsTo(pieces);
            incomplete.remove(batch);
        } finally {
            moving.unlock();
        }
        batch.finish();
    }

    /** Makes the ticket wait for every batch that has not ended. Returns these batches. */
    List<ProducerBatch> attachToIncomplete(FlushTicket ticket) {
        List<ProducerBatch> attached = new ArrayList<>();
        moving.lock();
        try {
            for (ProducerBatch batch : incomplete) {
                batch.attach(ticket);
                attached.add(batch);
            }
        } finally {
            moving.unlock();
        }
        return attached;
    }

    Executor delivery() {
        return delivery;
    }

    private void handOverFailed(ProducerBatch batch, Function<Integer, ProducerException> failures) {
        handOver(batch, failures.apply(0), () -> {
            batch.fail(failures);
            failed.add(batch.recordCount());
        });
    }

    private void handOver(ProducerBatch batch, @Nullable ProducerException failure, Runnable completion) {
        batch.requireIncomplete();
        int wireBytes = batch.times().attempts() == 0 ? 0 : batch.sizeBytes(); // its memory may be gone later
        batch.times().ended(ticker.nanos());
        untold.incrementAndGet();
        try {
            handOver(DeliveryBacklog.costOf(batch), () -> {
                delivering = batch;
                completion.run();
                delivering = null;
                untold.decrementAndGet();
                tellEnded(batch, wireBytes, failure);
                incomplete.remove(batch);
                batch.finish();
            });
        } catch (RejectedExecutionException e) {
            untold.decrementAndGet();
            throw e;
        }
        batch.markCompleted(); // last: what could not be handed over can still fail
    }

    private void tellEnded(ProducerBatch batch, int wireBytes, @Nullable ProducerException failure) {
        if (observer.isActive()) {
            BatchEnd end = new BatchEnd(
                    batch.topicPartition(),
                    batch.recordCount(),
                    batch.plainBytes(),
                    wireBytes,
                    batch.times().attempts(),
                    batch.times().stages(ticker.nanos()),
                    failure);
            observer.tellNow(to -> to.onBatchEnded(end));
        }
    }

    private void tellRefused(String topic, int partition, ProducerException failure) {
        if (observer.isActive()) {
            RecordRefusal refusal = new RecordRefusal(topic, partition, failure);
            observer.tellNow(to -> to.onRecordRefused(refusal));
        }
    }

    /** What is known and not yet told. Any thread. */
    public DeliveryState deliveryState() {
        int batches = untold.get();
        ProducerBatch first = delivering; // they are told in order
        long delayNanos = first == null ? 0 : ticker.nanos() - first.times().endedNanos();
        return new DeliveryState(batches, delayNanos);
    }

    private void handOver(long cost, Runnable completion) {
        backlog.add(cost);
        try {
            delivery.execute(() -> {
                try {
                    completion.run();
                } finally {
                    backlog.remove(cost);
                }
            });
        } catch (RejectedExecutionException closed) {
            backlog.remove(cost);
            throw closed;
        }
    }
}
