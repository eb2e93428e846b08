package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producers come and go; their cluster is never reached. */
@Timeout(240)
class ManyProducersTest {

    private static final int COUNT = 1_000;
    private static final int TRANSACTIONAL_COUNT = 100;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Producer<String, String> open(String clientId) {
        return Producers.open(
                ProducerConfig.builder()
                        .bootstrapServers("127.0.0.1:1")
                        .clientId(clientId)
                        .build(),
                Serializers.string(),
                Serializers.string());
    }

    private static long threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    @Test
    @Tag("row-111")
    void oneAfterTheOtherLeavesNoThread() {
        for (int i = 0; i < COUNT; i++) {
            Producer<String, String> producer = open("single-" + i);
            CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "v"));
            CloseReport report = producer.close(Duration.ZERO);
            assertThat(report.failed()).isEqualTo(1);
            assertThat(future)
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ProducerClosedException.class);
        }
        await().atMost(LIMIT).until(() -> threadsOf("single-") == 0);
    }

    @Test
    void allAtOnceShareTwoThreads() {
        List<Producer<String, String>> producers = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            producers.add(open("shared-" + i));
        }
        producers.forEach(producer ->
                assertThat(producer.send(new ProducerRecord<>("orders", "v"))).isNotDone());
        assertThat(threadsOf("shared-"))
                .as("the loop, and the delivery if it has begun")
                .isLessThanOrEqualTo(2);
        producers.forEach(
                producer -> assertThat(producer.close(Duration.ZERO).failed()).isEqualTo(1));
        await().atMost(LIMIT).until(() -> threadsOf("shared-") == 0);
    }

    @Test
    void transactionalOnesShareTwoThreadsAsWell() {
        List<TransactionalProducer<String, String>> producers = new ArrayList<>();
        List<CompletableFuture<Void>> inits = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONAL_COUNT; i++) {
            TransactionalProducer<String, String> producer = Producers.builder(
                            ProducerConfig.builder()
                                    .bootstrapServers("127.0.0.1:1")
                                    .clientId("transactional-" + i)
                                    .transactionalId("orders-" + i)
                                    .build(),
                            Serializers.string(),
                            Serializers.string())
                    .openTransactional();
            producers.add(producer);
            inits.add(producer.initAsync());
        }
        assertThat(inits).allMatch(init -> !init.isDone());
        assertThat(threadsOf("transactional-"))
                .as("the loop, and the delivery if it has begun")
                .isLessThanOrEqualTo(2);
        producers.forEach(
                producer -> assertThat(producer.close(Duration.ZERO)).isEqualTo(new CloseReport(0, 0, 0, List.of())));
        assertThat(inits).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(producers).allMatch(producer -> producer.state() == TransactionState.CLOSED);
        await().atMost(LIMIT).until(() -> threadsOf("transactional-") == 0);
    }

    /** The interrupt ends the waiting, not the closing. */
    @Test
    @Tag("row-111")
    void interruptedCloseEndsEverythingAndKeepsTheFlag() {
        Producer<String, String> producer = open("interrupted");
        CompletableFuture<RecordMetadata> future = producer.send(new ProducerRecord<>("orders", "v"));
        Thread.currentThread().interrupt();
        CloseReport report = producer.close(Duration.ofMinutes(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.undelivered()).hasSize(1);
        assertThat(future).isCompletedExceptionally();
        assertThat(producer.close(Duration.ofMinutes(1))).isEqualTo(report);
        await().atMost(LIMIT).until(() -> threadsOf("interrupted-") == 0);
    }
}
