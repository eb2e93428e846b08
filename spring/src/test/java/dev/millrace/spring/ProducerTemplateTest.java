package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.millrace.producer.Headers;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProducerTemplateTest {

    private final ProducerException timeout = new DeliveryTimeoutException(
            "not acknowledged within 120000 ms",
            new FailureDetails(ErrorCode.NOT_LEADER_OR_FOLLOWER, Stage.IN_FLIGHT, Recovery.RETRY, true),
            null);

    private final ProducerException tooLarge = new RecordRejectedException(
            "record too large", FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD), null);

    private final FakeProducer<String, String> engine = new FakeProducer<>();
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(new FixedFactory(engine));

    @Test
    void triesToSendAndSaysNullIfThereIsNoSpace() {
        ProducerRecord<String, String> record = new ProducerRecord<>("t", "v");
        engine.isFull = true;
        assertThat(template.trySend(record)).isNull();
        assertThat(template.whenWritable()).isSameAs(engine.writable);
        engine.isFull = false;

        CompletableFuture<SendResult<String, String>> future = template.trySend(record);
        engine.sent.get(0).deliver(3, 42);

        assertThat(future)
                .isCompletedWithValueMatching(result ->
                        result.record().equals(record) && result.metadata().offset() == 42);
    }

    @Test
    void failsTheFutureOfATriedSendAsOfAnyOther() {
        CompletableFuture<SendResult<String, String>> later = template.trySend(new ProducerRecord<>("t", "v"));
        engine.sent.get(0).fail(1, timeout);
        engine.thrownBySend = tooLarge;
        CompletableFuture<SendResult<String, String>> atOnce = template.trySend(new ProducerRecord<>("t", "v"));

        assertThat(later)
                .failsWithin(1, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SendFailedException.class)
                .withCause(timeout);
        assertThat(atOnce)
                .failsWithin(1, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SendFailedException.class)
                .withCause(tooLarge);
        assertThatNullPointerException().isThrownBy(() -> template.trySend(nothing()));
    }

    @Test
    void handsSourcesToTheEngine() {
        List<ProducerRecord<String, String>> records = List.of(new ProducerRecord<>("t", "v"));
        Flow.Publisher<ProducerRecord<String, String>> publisher = subscriber -> {};
        SendAllOptions options = SendAllOptions.defaults().withMaxInFlight(3);

        assertThat(List.of(
                        template.sendAll(records),
                        template.sendAll(records, options),
                        template.sendAll(publisher),
                        template.sendAll(publisher, options)))
                .containsOnly(engine.sendAll);

        assertThat(engine.sources)
                .containsExactly(
                        new FakeProducer.Source(records, SendAllOptions.defaults()),
                        new FakeProducer.Source(records, options),
                        new FakeProducer.Source(publisher, SendAllOptions.defaults()),
                        new FakeProducer.Source(publisher, options));
    }

    @Test
    void showsTheEnginesSnapshot() {
        assertThat(template.snapshot()).isSameAs(engine.snapshot);
    }

    @Test
    void handsEveryVariantToTheEngineUnchanged() {
        ProducerRecord<String, String> full = new ProducerRecord<>("t", 3, 17L, "k", "v", Headers.of("h", "x"));

        List<CompletableFuture<SendResult<String, String>>> futures = List.of(
                template.send("t", "v"),
                template.send("t", null),
                template.send("t", "k", "v"),
                template.send("t", null, null),
                template.send("t", 2, "k", "v"),
                template.send("t", null, "k", "v"),
                template.send(full));

        assertThat(engine.sent)
                .extracting(FakeProducer.Sent::record)
                .containsExactly(
                        new ProducerRecord<>("t", null, null, null, "v", Headers.empty()),
                        new ProducerRecord<>("t", null, null, null, null, Headers.empty()),
                        new ProducerRecord<>("t", null, null, "k", "v", Headers.empty()),
                        new ProducerRecord<>("t", null, null, null, null, Headers.empty()),
                        new ProducerRecord<>("t", 2, null, "k", "v", Headers.empty()),
                        new ProducerRecord<>("t", null, null, "k", "v", Headers.empty()),
                        full);
        assertThat(engine.sent.get(6).record()).isSameAs(full);
        assertThat(futures).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void completesWithRecordAndMetadata() {
        ProducerRecord<String, String> record = new ProducerRecord<>("orders", "k", "v");
        CompletableFuture<SendResult<String, String>> future = template.send(record);

        engine.sent.get(0).deliver(3, 42);

        SendResult<String, String> result = future.join();
        assertThat(result.record()).isSameAs(record);
        assertThat(result.metadata()).isEqualTo(new RecordMetadata("orders", 3, 42, 17, 1, 1));
    }

    @Test
    void failsWithOneExceptionTypeAroundTheEnginesReason() {
        ProducerRecord<String, String> record = new ProducerRecord<>("orders", "secret-key", "secret-value");
        CompletableFuture<SendResult<String, String>> future = template.send(record);

        engine.sent.get(0).fail(3, timeout);

        SendFailedException failure = failureOf(future);
        assertThat(failure)
                .hasMessage("Record for topic 'orders' was not delivered by producer 'fixed': "
                        + "not acknowledged within 120000 ms")
                .hasCause(timeout);
        assertThat(failure.getTopic()).isEqualTo("orders");
        assertThat(failure.getPartition()).isEqualTo(3);
        assertThat(failure.getRecord()).isSameAs(record);
        assertThat(failure.isRetriable()).isTrue();
        assertThat(failure.mayHaveBeenWritten()).isTrue();
        assertThat(failure.toString()).doesNotContain("secret");
    }

    @Test
    void neverWrapsTwice() {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");
        engine.sent.get(0).fail(RecordMetadata.UNKNOWN_PARTITION, tooLarge);

        SendFailedException failure = failureOf(future);
        assertThat(failure.getCause()).isSameAs(tooLarge);
        assertThat(failure.getPartition()).isNull();
        assertThat(failure.isRetriable()).isFalse();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(future::join)
                .withCause(failure);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> future.thenApply(SendResult::metadata).join())
                .withCause(failure);
    }

    @Test
    void turnsAnEngineFailureThrownBySendIntoAFailedFuture() {
        ConfigException refused =
                new ConfigException(List.of(new ConfigException.Violation("compression.type", "zstd", "no codec")));
        engine.thrownBySend = refused;

        assertThat(failureOf(template.send("orders", "v")).getCause()).isSameAs(refused);
        assertThat(failureOf(template.send("orders", 4, "k", "v")).getPartition())
                .isEqualTo(4);
    }

    @Test
    void throwsForProgrammingErrors() {
        assertThatNullPointerException().isThrownBy(() -> template.send(nothing(), "v"));
        assertThatNullPointerException()
                .isThrownBy(() -> template.send(ProducerTemplateTest.<ProducerRecord<String, String>>nothing()))
                .withMessage("record must not be null");
        assertThatNullPointerException().isThrownBy(() -> template.partitionsFor(nothing()));
        assertThatIllegalArgumentException().isThrownBy(() -> template.send("", "v"));
        assertThatIllegalArgumentException().isThrownBy(() -> template.send("t", -1, "k", "v"));
        assertThat(engine.sent).isEmpty();
    }

    @Test
    void failsTheFutureIfTheEngineIsClosed() {
        engine.close();

        SendFailedException failure = failureOf(template.send("orders", "v"));
        assertThat(failure)
                .hasMessage("Record for topic 'orders' was not delivered by producer 'fixed': Producer 'fixed' is"
                        + " stopped");
        assertThat(failure.getCause())
                .isInstanceOf(ProducerStoppedException.class)
                .hasRootCauseMessage("producer is closed");
    }

    @Test
    void cancellingTheFutureDoesNotTouchTheEngine() {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");

        assertThat(future.cancel(true)).isTrue();
        assertThat(engine.sent.get(0).future()).isNotDone();

        engine.sent.get(0).deliver(0, 1);
        assertThat(engine.sent.get(0).future()).isCompleted();
        assertThat(future).isCancelled();
    }

    @Test
    void timingOutTheFutureDoesNotTouchTheEngine() {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.orTimeout(1, TimeUnit.MILLISECONDS).get());
        assertThat(engine.sent.get(0).future()).isNotDone();
    }

    @Test
    void completesBeforeTheEngineCountsTheRecordAsDone() {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");
        CompletableFuture<Boolean> doneInCallback = engine.sent.get(0).future().thenApply(metadata -> future.isDone());

        engine.sent.get(0).deliver(0, 1);

        assertThat(doneInCallback.join()).isTrue();
    }

    @Test
    void aThrowingContinuationHurtsNobody() {
        CompletableFuture<SendResult<String, String>> future = template.send("orders", "v");
        CompletableFuture<Void> continuation = future.thenAccept(result -> {
            throw new AssertionError("broken continuation");
        });

        engine.sent.get(0).deliver(0, 1);

        assertThat(future).isCompleted();
        assertThat(continuation).isCompletedExceptionally();
    }

    @Test
    void sendsTheSameRecordObjectTwice() {
        ProducerRecord<String, String> record = new ProducerRecord<>("orders", "v");

        assertThat(template.send(record)).isNotSameAs(template.send(record));
        assertThat(engine.sent).extracting(FakeProducer.Sent::record).containsExactly(record, record);
    }

    @Test
    void flushesThroughTheEngine() {
        template.flush();

        assertThat(engine.flushes).hasValue(1);
        assertThat(template.flushAsync()).isSameAs(engine.flush);
    }

    @Test
    void translatesAnInterruptedFlush() {
        engine.thrownByFlush = timeout;

        assertThatExceptionOfType(ProducerOperationException.class)
                .isThrownBy(template::flush)
                .withMessage("Flush of producer 'fixed' did not finish: not acknowledged within 120000 ms")
                .withCause(timeout);
    }

    @Test
    void readsPartitions() {
        CompletableFuture<List<PartitionInfo>> future = template.partitionsFor("orders");
        engine.partitions.complete(List.of(new PartitionInfo("orders", 0, 1, 3, 3)));

        assertThat(future.join()).hasSize(1);
    }

    @Test
    void translatesAFailureToReadPartitions() {
        CompletableFuture<List<PartitionInfo>> future = template.partitionsFor("orders");
        engine.partitions.completeExceptionally(timeout);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(future::get)
                .havingCause()
                .isInstanceOf(ProducerOperationException.class)
                .withMessage("Partitions of topic 'orders' could not be read by producer 'fixed': "
                        + "not acknowledged within 120000 ms")
                .withCause(timeout);
    }

    private static SendFailedException failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        Throwable failure = future.handle((result, thrown) -> thrown).join();
        assertThat(failure).isExactlyInstanceOf(SendFailedException.class);
        return (SendFailedException) failure;
    }

    /** A null that the checker does not see: what callers without null checks pass. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        @Nullable T nothing = null;
        return nothing;
    }

    private record FixedFactory(FakeProducer<String, String> engine) implements ProducerFactory<String, String> {

        @Override
        public Producer<String, String> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "fixed";
        }
    }
}
