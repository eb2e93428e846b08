package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serializers that give their bytes later, in transactions at a real broker. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(120)
class LateSerializationInTransactionsIT {

    private final ExecutorService registry = Executors.newFixedThreadPool(4);
    private final CountDownLatch answers = new CountDownLatch(1);

    /** Gives bytes on other threads in an order of their own, and refuses what is unspeakable. */
    private record Asking(Executor registry, CountDownLatch answers) implements AsyncSerializer<String> {
        @Override
        public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, String data) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            answers.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        if (data.equals("unspeakable")) {
                            throw new IllegalArgumentException("no schema");
                        }
                        return data.getBytes(UTF_8);
                    },
                    registry);
        }
    }

    @BeforeEach
    void needsTransactions(DevCluster cluster) {
        CommittedReader.assumeTransactions(cluster);
    }

    @AfterEach
    void stop() {
        registry.shutdownNow();
    }

    private TransactionalProducer<String, String> open(DevCluster cluster) {
        return Producers.builder(
                        Clients.config(cluster)
                                .transactionalId("late-" + UUID.randomUUID())
                                .build(),
                        Serializers.string(),
                        new Asking(registry, answers))
                .openTransactional();
    }

    @Test
    void commitBringsWhatWasStillWithoutBytesInTheOrderOfItsKey(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 3);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            List<CompletableFuture<RecordMetadata>> sent = IntStream.range(0, 200)
                    .mapToObj(i -> producer.send(new ProducerRecord<>(topic, "key", "value-" + i)))
                    .toList();
            CompletableFuture<TransactionOutcome> commit = producer.commitAsync();
            assertThat(commit).isNotDone();
            answers.countDown();

            assertThat(commit.join()).isInstanceOf(TransactionOutcome.Committed.class);
            assertThat(sent).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
        }
        assertThat(CommittedReader.readValues(cluster, topic)).isEqualTo(Clients.values(200));
    }

    @Test
    void commitFailsWithARecordThatNeverGetsBytesAndTheNextTransactionDoesNot(DevCluster cluster) {
        String topic = Reference.newTopic(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            Clients.submit(producer, new ProducerRecord<>(topic, "before"));
            Clients.submit(producer, new ProducerRecord<>(topic, "unspeakable"));
            Clients.submit(producer, new ProducerRecord<>(topic, "behind"));
            answers.countDown();
            assertThatThrownBy(producer::commit).hasRootCauseMessage("no schema");

            producer.begin();
            Clients.submit(producer, new ProducerRecord<>(topic, "next"));
            producer.commit();
        }
        assertThat(CommittedReader.readValues(cluster, topic)).containsExactly("next");
    }
}
