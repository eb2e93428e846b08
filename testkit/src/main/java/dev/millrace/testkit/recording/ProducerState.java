package dev.millrace.testkit.recording;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.CloseReport;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What both kinds of recording producers have: counts, flushing, closing. */
final class ProducerState<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

    private final Object owner;
    private final RecordIntake<K, V> intake;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile @Nullable CloseReport report;

    ProducerState(Object owner, RecordIntake<K, V> intake) {
        this.owner = owner;
        this.intake = intake;
    }

    void refuseIfClosed() {
        if (isClosed.get()) {
            throw new IllegalStateException("producer is closed");
        }
    }

    boolean isClosed() {
        return isClosed.get();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the one given tells the caller
    CompletableFuture<RecordMetadata> counted(CompletableFuture<RecordMetadata> future) {
        submitted.incrementAndGet();
        future.whenComplete((metadata, failure) -> (failure == null ? delivered : failed).incrementAndGet());
        return future;
    }

    CompletableFuture<Void> flushAsync() {
        return intake.settled(each -> each.owner() == owner);
    }

    void flush() {
        try {
            flushAsync().get(FLUSH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw Failures.interrupted(interrupt);
        } catch (TimeoutException stuck) {
            throw new IllegalStateException(
                    "flush waits for records that are held, which a test ends on another thread: " + intake.held(),
                    stuck);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("settling cannot fail", impossible);
        }
    }

    CompletableFuture<List<PartitionInfo>> partitionsFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        refuseIfClosed();
        return CompletableFuture.completedFuture(IntStream.range(0, intake.log().partitions(topic))
                .mapToObj(partition -> new PartitionInfo(topic, partition, 0, 1, 1))
                .toList());
    }

    CompletableFuture<PipelineSnapshot> snapshot() {
        if (isClosed.get()) {
            return CompletableFuture.failedFuture(new IllegalStateException("producer is closed"));
        }
        return CompletableFuture.completedFuture(new PipelineSnapshot(
                "recording",
                Bottleneck.NONE,
                "records are kept, not sent",
                new PipelineSnapshot.RecordCounts(submitted.get(), delivered.get(), failed.get()),
                new PipelineSnapshot.BufferState(0, 0, 0),
                0,
                null,
                new PipelineSnapshot.DeliveryState(0, 0),
                0,
                List.of(),
                List.of(),
                List.of()));
    }

    static CompletableFuture<UUID> noInstanceId() {
        return CompletableFuture.failedFuture(new IllegalStateException("telemetry is off: there is no cluster"));
    }

    CloseReport close(Duration timeout) {
        return close(timeout, record -> Failures.closed(record.record().topic()));
    }

    CloseReport close(Duration timeout, Function<HeldRecord<K, V>, ProducerException> why) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + timeout.toMillis() + " ms");
        }
        CloseReport before = report;
        if (before != null || !isClosed.compareAndSet(false, true)) {
            return before == null ? report(List.of()) : before;
        }
        List<UndeliveredRecord> undelivered = new ArrayList<>();
        intake.failHeld(each -> each.owner() == owner, each -> {
            ProducerException failure = why.apply(each);
            undelivered.add(UndeliveredRecord.withoutBytes(
                    each.record().topic(), each.partition(), each.timestampMillis(), each.headers(), failure));
            return failure;
        });
        CloseReport closed = report(undelivered);
        report = closed;
        return closed;
    }

    private CloseReport report(List<UndeliveredRecord> undelivered) {
        return new CloseReport(submitted.get(), delivered.get(), failed.get(), undelivered);
    }
}
