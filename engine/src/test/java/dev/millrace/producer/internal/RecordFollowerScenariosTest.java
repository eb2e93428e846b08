package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody who goes along with each record of a {@code sendAll}. */
@Timeout(60)
class RecordFollowerScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> happened = new ArrayList<>();
    private int steps; // how deep in one
    private int outside; // calls of user code outside of all steps

    private final SimulatedProducer sim = SimulatedProducer.with(
            new PlugIns<>(Serializers.string(), serializer(), null, List.of(interceptor()), thread -> false, null),
            1,
            config -> config.linger(Duration.ZERO)
                    .maxBlock(SECOND)
                    .bufferMemory(64 * 1024)
                    .maxRequestSize(16 * 1024)
                    .batchSize(4 * 1024));

    private Serializer<String> serializer() {
        return (topic, value) -> {
            outside += steps == 0 ? 1 : 0;
            return value.getBytes(StandardCharsets.UTF_8);
        };
    }

    private ProducerInterceptor<String, String> interceptor() {
        return new ProducerInterceptor<>() {
            @Override
            public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                outside += steps == 0 ? 1 : 0;
                happened.add(
                        "intercepted " + record.value() + (record.headers().isEmpty() ? " without its trace" : ""));
                return record;
            }
        };
    }

    private final RecordFollower<String, String> follower = record -> {
        happened.add("followed " + record.value());
        return new RecordFollower.Followed<>() {
            @Override
            public ProducerRecord<String, String> record() {
                return record.withHeaders(Headers.of("trace", String.valueOf(record.value())));
            }

            @Override
            public void run(Runnable step) {
                steps++;
                step.run();
                steps--;
            }

            @Override
            public void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
                happened.add((failure == null ? "delivered " : "failed ") + record.value());
                if (String.valueOf(record.value()).startsWith("throw")) {
                    throw new IllegalStateException("of the user");
                }
            }

            @Override
            public void dropped() {
                happened.add("dropped " + record.value());
            }
        };
    };

    private static ProducerRecord<String, String> record(String value) {
        return new ProducerRecord<>(TOPIC, 0, null, value);
    }

    private void warm() {
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        happened.clear();
        outside = 0;
    }

    @Test
    void goesWithEachRecordFromTheSourceToItsEnd() {
        warm();
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(
                List.of(record("a"), record("x".repeat(20_000)), record("throws"), record("b")),
                SendAllOptions.defaults().withMaxInFlight(1),
                follower);
        CompletableFuture<Void> counted = result.thenRun(() -> happened.add("counted"));
        sim.loop.advance(SECOND);

        assertThat(counted).isCompleted();
        assertThat(happened.stream().map(line -> line.replaceAll("x{9,}", "X")))
                .containsExactly(
                        "followed a",
                        "intercepted a",
                        "delivered a",
                        "followed X",
                        "intercepted X",
                        "failed X",
                        "followed throws",
                        "intercepted throws",
                        "delivered throws",
                        "followed b",
                        "intercepted b",
                        "delivered b",
                        "counted");
        assertThat(result.join().delivered()).isEqualTo(3);
        assertThat(result.join().failed()).isEqualTo(1);
        assertThat(outside)
                .as("interceptors and serializers work within its steps")
                .isZero();
    }

    @Test
    void isAskedOnceForARecordThatHasToWaitForRoom() {
        warm();
        List<Runnable> answers = new ArrayList<>();
        sim.cluster.onProduce(call -> answers.add(call::appendAndAnswer));
        List<ProducerRecord<String, String>> records = IntStream.range(0, 200)
                .mapToObj(i -> record(i + " " + "y".repeat(1_000)))
                .toList();
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(records, SendAllOptions.defaults(), follower);
        sim.loop.advance(SECOND);
        assertThat(happened).hasSizeBetween(16, 150);
        sim.cluster.onProduce(call -> call.appendAndAnswer());
        answers.forEach(Runnable::run);
        sim.loop.advance(SECOND.multipliedBy(5));

        assertThat(result).isCompletedWithValue(new SendAllResult(200, 200, 0, null, null));
        assertThat(happened).hasSize(600).doesNotHaveDuplicates();
        assertThat(outside).isZero();
    }

    @Test
    void hearsOfTheRecordThatNeverFoundRoom() {
        warm();
        sim.cluster.onProduce(call -> {});
        SubmissionPublisher<ProducerRecord<String, String>> source = new SubmissionPublisher<>(Runnable::run, 256);
        CompletableFuture<SendAllResult> result = sim.producer.sendAll(source, SendAllOptions.defaults(), follower);
        for (int i = 0; i < 100; i++) {
            source.submit(record(i + " " + "y".repeat(1_000)));
        }
        sim.loop.advance(Duration.ofMillis(1));
        long followed =
                happened.stream().filter(line -> line.startsWith("followed")).count();
        assertThat(followed).isLessThan(100);
        assertThat(result.cancel(false)).isTrue();
        sim.loop.advance(Duration.ofMillis(1));

        assertThat(happened.stream().filter(line -> line.startsWith("dropped")))
                .containsExactly("dropped " + (followed - 1) + " " + "y".repeat(1_000));
    }

    @Test
    void endsTheReadingIfItThrows() {
        warm();
        IllegalStateException broken = new IllegalStateException("of the user");
        CompletableFuture<SendAllResult> result =
                sim.producer.sendAll(List.of(record("a"), record("b")), SendAllOptions.defaults(), record -> {
                    if ("b".equals(record.value())) {
                        throw broken;
                    }
                    return follower.follow(record);
                });
        sim.loop.advance(SECOND);

        assertThat(result).isCompletedWithValue(new SendAllResult(1, 1, 0, null, broken));
    }
}
