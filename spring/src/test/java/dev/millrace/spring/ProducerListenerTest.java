package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.Headers;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordAbortedException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // listeners are what is looked at
class ProducerListenerTest {

    private final ProducerException tooLarge = new RecordRejectedException(
            "record too large", FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD), null);

    private final FakeProducer<String, String> engine = new FakeProducer<>();
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(new ProducerFactory<>() {
        @Override
        public Producer<String, String> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "fake";
        }
    });

    private final List<String> told = new ArrayList<>();
    private @Nullable CompletableFuture<?> watched;

    @Test
    void tellsAllInOrderBeforeTheFutureCompletes() {
        template.setListeners(List.of(new Listener("a"), new Listener("b")));
        CompletableFuture<SendResult<String, String>> good = template.send("t", "v");
        watched = good;
        engine.sent.get(0).deliver(0, 7);
        CompletableFuture<SendResult<String, String>> bad = template.send("t", "v");
        watched = bad;
        engine.sent.get(1).fail(0, tooLarge);

        assertThat(told)
                .containsExactly(
                        "a delivered 7 early",
                        "b delivered 7 early",
                        "a failed record too large early",
                        "b failed record too large early");
        assertThat(good).isCompleted();
        assertThat(bad).isCompletedExceptionally();
    }

    @Test
    void tellsTheOthersOfWhateverOneThrows() {
        ProducerListener<String, String> broken = new ProducerListener<>() {
            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                throw new AssertionError("broken");
            }

            @Override
            public void onError(ProducerRecord<String, String> record, SendFailedException failure) {
                throw new IllegalStateException("broken");
            }
        };
        template.setListeners(List.of(broken, new Listener("b")));
        try (CapturedLog log = CapturedLog.of(ListenerChain.class)) {
            for (int i = 0; i < 10; i++) {
                template.send("t", "v");
                engine.sent.get(i).deliver(0, 7);
            }
            assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("listener failed"));
        }
        CompletableFuture<SendResult<String, String>> bad = template.send("t", "v");
        engine.sent.get(10).fail(0, tooLarge);

        assertThat(told).hasSize(11).contains("b failed record too large");
        assertThat(bad).isCompletedExceptionally();
    }

    @Test
    void tellsOnceOfWhatTheEngineThrows() {
        template.setListeners(List.of(new Listener("a")));
        engine.thrownBySend = tooLarge;

        assertThat(template.send("t", "v")).isCompletedExceptionally();

        assertThat(told).containsExactly("a failed record too large");
    }

    @Test
    void logsCoordinatesOnly() {
        template.setListeners(List.of(new LoggingProducerListener()));
        try (CapturedLog log = CapturedLog.of(LoggingProducerListener.class)) {
            template.send("orders", 3, "secret-key", "secret-value");
            engine.sent.get(0).fail(3, tooLarge);

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("orders", "partition=3", "'fake'", "record too large")
                    .doesNotContain("secret");
        }
    }

    @Test
    void logsNothingOfWhatTheApplicationRolledBack() {
        template.setListeners(List.of(new LoggingProducerListener()));
        FailureDetails details = FailureDetails.local(Stage.QUEUE, Recovery.RETRY);
        RecordAbortedException rollback = new RecordAbortedException("rolled back", details, null);
        try (CapturedLog log = CapturedLog.of(LoggingProducerListener.class)) {
            template.send("orders", 3, "waiting", "value");
            engine.sent.get(0).fail(3, rollback);
            template.send("orders", 3, "in-flight", "value");
            engine.sent.get(1).fail(3, new ProducerException("never acknowledged", details, rollback));

            assertThat(log.lines()).allSatisfy(line -> assertThat(line).startsWith("DEBUG"));

            template.send("orders", 3, "another", "value");
            engine.sent.get(2).fail(3, new RecordAbortedException("aborted", details, tooLarge));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("ERROR"))
                    .singleElement()
                    .asString()
                    .contains("aborted");
        }
    }

    @Test
    void logsContentsIfTold() {
        LoggingProducerListener listener = new LoggingProducerListener();
        listener.setIncludeContent(true);
        listener.setMaxContentLength(5);
        template.setListeners(List.of(listener));
        try (CapturedLog log = CapturedLog.of(LoggingProducerListener.class)) {
            template.send("orders", 3, "abcdefgh", null);
            engine.sent.get(0).fail(3, tooLarge);

            assertThat(log.lines()).singleElement().asString().contains("key=abcde… value=null");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> listener.setMaxContentLength(0));
    }

    @Test
    void doesNotFloodTheLog() {
        AtomicLong now = new AtomicLong();
        template.setListeners(List.of(new LoggingProducerListener(now::get)));
        try (CapturedLog log = CapturedLog.of(LoggingProducerListener.class)) {
            for (int i = 0; i < 1_000; i++) {
                template.send("orders", "v");
                engine.sent.get(i).fail(3, tooLarge);
            }
            assertThat(log.lines()).hasSize(LoggingProducerListener.MAX_LINES_PER_SECOND);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            template.send("orders", "v");
            engine.sent.get(1_000).fail(3, tooLarge);

            assertThat(log.lines()).hasSize(11).last().asString().contains("(990 more were not logged)");
        }
    }

    @Test
    void sendsToTheDefaultTopic() {
        template.setDefaultTopic("orders");

        template.sendDefault("v");
        template.sendDefault("k", null);
        template.sendDefault(2, "k", "v");
        template.sendDefault(2, 17L, "k", "v");
        template.send("t", 1, 18L, "k", "v");

        assertThat(engine.sent)
                .extracting(FakeProducer.Sent::record)
                .containsExactly(
                        new ProducerRecord<>("orders", null, null, null, "v", Headers.empty()),
                        new ProducerRecord<>("orders", null, null, "k", null, Headers.empty()),
                        new ProducerRecord<>("orders", 2, null, "k", "v", Headers.empty()),
                        new ProducerRecord<>("orders", 2, 17L, "k", "v", Headers.empty()),
                        new ProducerRecord<>("t", 1, 18L, "k", "v", Headers.empty()));
    }

    @Test
    void failsFastWithoutADefaultTopic() {
        template.setDefaultTopic("");

        assertThatIllegalStateException()
                .isThrownBy(() -> template.sendDefault("v"))
                .withMessageContaining("app.producer.template.default-topic");
        assertThatIllegalStateException().isThrownBy(() -> template.sendDefault("k", "v"));
        assertThatIllegalStateException().isThrownBy(() -> template.sendDefault(1, "k", "v"));
        assertThatIllegalStateException().isThrownBy(() -> template.sendDefault(1, 2L, "k", "v"));
        assertThatIllegalStateException().isThrownBy(template::record);
        assertThat(engine.sent).isEmpty();
    }

    @Test
    void putsARecordTogetherStepByStep() {
        template.setDefaultTopic("default");
        template.record("orders")
                .partition(3)
                .timestamp(Instant.ofEpochMilli(17))
                .key("k")
                .value("v")
                .header("text", "ü")
                .header("nothing", (byte[]) null)
                .send();
        CompletableFuture<SendResult<String, String>> tried =
                template.record().value("v").trySend();

        assertThat(engine.sent)
                .extracting(FakeProducer.Sent::record)
                .containsExactly(
                        new ProducerRecord<>(
                                "orders",
                                3,
                                17L,
                                "k",
                                "v",
                                Headers.of("text", "ü").with("nothing", (byte[]) null)),
                        new ProducerRecord<>("default", "v"));
        assertThat(tried).isNotNull();
    }

    private final class Listener implements ProducerListener<Object, Object> {

        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public void onSuccess(ProducerRecord<Object, Object> record, RecordMetadata metadata) {
            told.add(name + " delivered " + metadata.offset() + moment());
        }

        @Override
        public void onError(ProducerRecord<Object, Object> record, SendFailedException failure) {
            told.add(name + " failed "
                    + Objects.requireNonNull(failure.getCause()).getMessage() + moment());
        }

        private String moment() {
            return watched != null && !watched.isDone() ? " early" : "";
        }
    }
}
