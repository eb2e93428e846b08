package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.Fault;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The user's code around every record. */
@Timeout(20)
class InterceptorScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> events = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();

    private record Seen(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {}

    /** Does what the test says with the record, and writes down what it hears. */
    private final class Probe implements ProducerInterceptor<String, String> {
        private final String name;
        private final UnaryOperator<ProducerRecord<String, String>> change;

        Probe(String name, UnaryOperator<ProducerRecord<String, String>> change) {
            this.name = name;
            this.change = change;
        }

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            events.add(name + " sees " + record.value());
            return change.apply(record);
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
            events.add(name + " hears");
            seen.add(new Seen(metadata, headers, failure));
        }

        @Override
        public void close() {
            events.add(name + " closes");
        }
    }

    private SimulatedProducer producer(List<ProducerInterceptor<String, String>> interceptors) {
        return new SimulatedProducer(
                1,
                config -> config.linger(Duration.ZERO)
                        .maxBlock(SECOND)
                        .maxRequestSize(10_000)
                        .batchSize(1_000)
                        .bufferMemory(12_288),
                interceptors);
    }

    private SimulatedProducer producer() {
        SimulatedProducer sim = producer(List.of(new Probe("one", UnaryOperator.identity())));
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        events.clear();
        seen.clear();
        return sim;
    }

    /** 31: other topic, headers and value; the next one works on what the one before made. */
    @Test
    @Tag("row-31")
    void eachWorksOnWhatTheOneBeforeMade() {
        SimulatedProducer sim = producer(List.of(
                new Probe("one", record -> new ProducerRecord<>("audit", 0, null, record.value() + "1")),
                new Probe("two", record -> record.withHeaders(Headers.of("trace", "7")))));
        sim.cluster.topic("audit", 1);
        Sent sent = sim.send(0, "v");
        sim.loop.advance(SECOND);
        assertThat(sent.isDelivered()).isTrue();
        assertThat(sim.cluster.log("audit", 0).values()).containsExactly("v1");
        assertThat(events).containsExactly("one sees v", "two sees v1", "one hears", "two hears");
        assertThat(seen).allSatisfy(each -> {
            assertThat(each.metadata().topic()).isEqualTo("audit");
            assertThat(each.metadata().offset()).isZero();
            assertThat(each.headers()).isEqualTo(Headers.of("trace", "7"));
            assertThat(each.failure()).isNull();
        });
    }

    /** 31: the record goes on as the last one that worked left it, and all the others are called. */
    @Test
    @Tag("row-31")
    void oneThatFailsIsLeftOut() {
        ProducerInterceptor<String, String> broken = new ProducerInterceptor<>() {
            @Override
            public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                throw new IllegalStateException("of the user");
            }

            @Override
            public void onAcknowledgement(
                    RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
                throw new StackOverflowError("of the user");
            }

            @Override
            public void close() {
                throw new IllegalStateException("of the user");
            }
        };
        SimulatedProducer sim = producer(List.of(
                new Probe("one", record -> new ProducerRecord<>(TOPIC, 0, null, "good")),
                broken,
                nulls(),
                new Probe("last", UnaryOperator.identity())));
        sim.cluster.topic(TOPIC, 1);
        Sent sent = sim.send(0, "bad");
        sim.loop.advance(SECOND);
        assertThat(sent.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("good");
        assertThat(events).containsExactly("one sees bad", "last sees good", "one hears", "last hears");
        sim.close(SECOND, Duration.ofNanos(1000));
        assertThat(events).endsWith("one closes", "last closes");
    }

    @SuppressWarnings("NullAway") // what a user may do who does not check
    private static ProducerInterceptor<String, String> nulls() {
        return new ProducerInterceptor<>() {
            @Override
            public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                return null;
            }
        };
    }

    @Test
    void interceptorsHearBeforeTheCallbackAndTheCallbackBeforeTheFuture() {
        SimulatedProducer sim = producer();
        Sent sent = sim.send(TOPIC, 0, "v", () -> events.add("callback"));
        assertThat(sent.future).isNotNull().satisfies(future -> {
            CompletableFuture<Void> unused = future.thenRun(() -> events.add("future"));
            sim.loop.advance(SECOND);
        });
        assertThat(events).containsExactly("one sees v", "one hears", "callback", "future");
    }

    /** The record is nobody's but the interceptors', who have seen it: they hear why it ended. */
    @Test
    void oneThatClosesTheProducerHearsOfItsRecord() {
        List<SimulatedProducer> sims = new ArrayList<>();
        SimulatedProducer sim = producer(List.of(new Probe("one", record -> {
            sims.get(0).close(Duration.ZERO);
            return record;
        })));
        sims.add(sim);
        sim.cluster.topic(TOPIC, 1);
        assertThatThrownBy(() -> sim.producer.send(new ProducerRecord<>(TOPIC, 0, null, "v")))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(Fault.SEND_AFTER_CLOSE::isToldBy);
        sim.loop.runReady();
        assertThat(seen).singleElement().satisfies(each -> assertThat(each.failure())
                .isInstanceOf(ProducerClosedException.class)
                .satisfies(Fault.CLOSED_DURING_THE_SEND::isToldBy));
    }

    /** Refused before they got anywhere; the topic and the partition as far as they are known (KAFKA-12841). */
    @Test
    void refusedRecordsAreHeardOfOnDelivery() {
        SimulatedProducer sim = producer();
        sim.delivery.hold();
        var large = sim.producer.send(new ProducerRecord<>(TOPIC, 3, null, "x".repeat(20_000)));
        sim.loop.runReady();
        assertThat(large).isNotDone();
        assertThat(seen).isEmpty();
        sim.delivery.release();
        sim.loop.runReady();
        assertThat(large).isCompletedExceptionally();
        assertThat(seen).singleElement().satisfies(each -> {
            assertThat(each.failure()).isInstanceOf(RecordRejectedException.class);
            assertThat(each.metadata().topic()).isEqualTo(TOPIC);
            assertThat(each.metadata().partition()).isEqualTo(3);
            assertThat(each.metadata().offset()).isEqualTo(RecordMetadata.NO_OFFSET);
        });
    }

    @Test
    @Tag("row-30")
    void whatCannotBeSerializedIsHeardOfAndLeavesNothingBehind() {
        Serializer<String> broken = (topic, data) -> {
            throw new IllegalArgumentException("not a number: " + data);
        };
        SimulatedProducer sim = SimulatedProducer.with(
                new PlugIns<>(
                        Serializers.string(),
                        broken,
                        null,
                        List.of(new Probe("one", UnaryOperator.identity())),
                        thread -> false,
                        null),
                1,
                config -> config.linger(Duration.ZERO));
        sim.cluster.topic(TOPIC, 1);

        var refused = sim.producer.send(new ProducerRecord<>(TOPIC, 0, null, "x"));
        sim.loop.runReady();

        assertThat(refused).isCompletedExceptionally();
        assertThat(seen).singleElement().satisfies(each -> {
            assertThat(each.failure()).isInstanceOf(SerializationException.class);
            assertThat(each.metadata().topic()).isEqualTo(TOPIC);
            assertThat(each.metadata().partition()).isZero();
        });
        assertThat(sim.pool.usage().usedBytes()).isZero();
    }

    @Test
    void whatFindsNoRoomIsHeardOfOnce() {
        SimulatedProducer sim = producer();
        sim.cluster.onProduce(call -> {});
        sim.sendAlone(0, "x".repeat(8_000));
        seen.clear();
        Sent refused = sim.send(0, "y".repeat(8_000));
        assertThat(sim.producer.trySend(new ProducerRecord<>(TOPIC, 0, null, "z".repeat(8_000))))
                .isNull();
        sim.loop.runReady();
        assertThat(refused.failure()).isInstanceOf(BufferExhaustedException.class);
        assertThat(seen).hasSize(2).allSatisfy(each -> assertThat(each.failure())
                .isInstanceOf(BufferExhaustedException.class));
    }

    @Test
    void whatTheCloseLeavesIsHeardOfBeforeTheInterceptorCloses() {
        SimulatedProducer sim = producer();
        sim.cluster.onProduce(call -> {});
        sim.sendAlone(0, "in flight");
        sim.send("unknown", null, "waiting", () -> {});
        sim.close(Duration.ZERO);
        assertThat(seen).hasSize(2).allSatisfy(each -> assertThat(each.failure())
                .isInstanceOf(ProducerClosedException.class));
        assertThat(seen.get(1).metadata().topic()).isEqualTo("unknown");
        assertThat(seen.get(1).metadata().partition()).isEqualTo(RecordMetadata.UNKNOWN_PARTITION);
        assertThat(events).last().isEqualTo("one closes");
    }

    /** 33: there is nothing to mutate, so a change after the send does not reach the record. */
    @Test
    @Tag("row-33")
    void headersOfAnAcceptedRecordDoNotChange() {
        SimulatedProducer sim = producer();
        Headers headers = Headers.of("a", "1");
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, 0, null, null, "v", headers);
        var future = sim.producer.send(record);
        Headers others = headers.with("b", "2");
        sim.loop.advance(SECOND);
        assertThat(future).isCompleted();
        assertThat(others).hasSize(2);
        assertThat(record.headers()).hasSize(1);
        assertThat(seen.get(0).headers()).isEqualTo(Headers.of("a", "1"));
    }
}
