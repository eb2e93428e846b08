package dev.millrace.producer.internal.client;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.PipelineSnapshot.BufferState;
import dev.millrace.producer.PipelineSnapshot.DeliveryState;
import dev.millrace.producer.PipelineSnapshot.RecordCounts;
import dev.millrace.producer.PipelineSnapshot.WaitingTopic;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.metadata.TopicProblem;
import dev.millrace.producer.internal.sender.SenderView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Puts the snapshot of the pipeline together, from what each part says of itself. */
final class PipelineInspection {

    private final ClientParts parts;
    private final AcceptFailures failures;
    private final LongSupplier refused;

    PipelineInspection(ClientParts parts, AcceptFailures failures, LongSupplier refused) {
        this.parts = parts;
        this.failures = failures;
        this.refused = refused;
    }

    /** The snapshot, taken on the event loop and handed over by the delivery executor. Any thread. */
    CompletableFuture<PipelineSnapshot> take() {
        CompletableFuture<PipelineSnapshot> taken = new CompletableFuture<>();
        try {
            parts.loop().execute(() -> {
                PipelineSnapshot snapshot = look();
                parts.delivery().execute(() -> taken.complete(snapshot));
            });
        } catch (RejectedExecutionException ended) {
            IllegalStateException closed = failures.closed();
            closed.initCause(ended);
            taken.completeExceptionally(closed);
        }
        return taken;
    }

    @EventLoopOnly
    private PipelineSnapshot look() {
        long now = parts.loop().nanos();
        SenderView sender = parts.sender().view();
        List<WaitingTopic> topics = waitingTopics(now);
        BufferPool.Usage usage = parts.pool().usage();
        BufferState buffer = new BufferState(usage.usedBytes(), usage.limitBytes(), usage.waitingThreads());
        DeliveryState delivery = parts.completions().deliveryState();
        MetadataProblem problem = parts.metadata().lastProblem();
        String problemText = problem == null ? null : problem.describe(now);
        PipelineDiagnosis diagnosis = PipelineDiagnosis.of(
                delivery, buffer, problemText, sender.unidentified(), topics, sender.partitions(), sender.nodes());
        return new PipelineSnapshot(
                parts.settings().clientId(),
                diagnosis.bottleneck(),
                diagnosis.explanation(),
                counts(),
                buffer,
                parts.metadata().ageNanos(),
                problemText,
                delivery,
                sender.unidentified(),
                topics,
                sender.partitions(),
                sender.nodes());
    }

    /** What has ended is read first: a record that ends meanwhile is one that was submitted. */
    private RecordCounts counts() {
        long early = refused.getAsLong();
        long delivered = parts.completions().delivered();
        long failed = parts.completions().failed();
        return new RecordCounts(parts.accumulator().acceptedRecords() + early, delivered, failed + early);
    }

    private List<WaitingTopic> waitingTopics(long now) {
        List<WaitingTopic> waiting = new ArrayList<>();
        for (TopicQueues topic : parts.accumulator().topics()) {
            Long oldestNanos = topic.hasWaiting() ? topic.oldestWaitingNanos() : null;
            if (oldestNanos != null) {
                waiting.add(new WaitingTopic(topic.topic(), now - oldestNanos, problemOf(topic)));
            }
        }
        waiting.sort(Comparator.comparing(WaitingTopic::topic));
        return waiting;
    }

    private @Nullable String problemOf(TopicQueues topic) {
        TopicProblem problem = parts.metadata().problemOf(topic.topic());
        if (problem != null) {
            return problem.error().toString();
        }
        return topic.oldestWaitingNanos(WaitingRecord::lacksBytes) == null ? null : "a serializer has not answered";
    }
}
