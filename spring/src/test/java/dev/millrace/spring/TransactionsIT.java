package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of the template and of the transaction manager on a real broker; numbers are those of docs/acceptance-spring.md. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@WithDevCluster(autoCreateTopics = false)
@Timeout(120)
class TransactionsIT {

    private final String prefix = "it-" + UUID.randomUUID() + "-";
    private final String topic = "topic-" + UUID.randomUUID();
    private final RealFactories factories;
    private final DevCluster cluster;
    private final DefaultProducerFactory<String, String> factory;
    private final ProducerTemplate<String, String> template;
    private final TransactionTemplate transactions;

    TransactionsIT(DevCluster cluster) {
        this.cluster = cluster;
        this.factories = new RealFactories(cluster);
        this.factory = factory(TransactionSettings.builder(prefix).build());
        this.template = new ProducerTemplate<>(factory);
        this.transactions = new TransactionTemplate(new ProducerTransactionManager(factory));
    }

    @BeforeEach
    void topic() {
        Judge.assumeTransactions(cluster);
        cluster.createTopic(topic, 1, 1, Map.of("max.message.bytes", "20000"));
    }

    /** 64, after each of these tests. */
    @AfterEach
    void nothingIsLeftOnTheThread() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        factories.close();
    }

    @Test
    void commitsWhatIsSentLocally() {
        String result = template.executeInTransaction(operations -> {
            send("one");
            send("two");
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(committed()).containsExactly("one", "two");
    }

    @Test
    void abortsOnWhateverIsThrownAndUsesTheProducerAgain() {
        for (Throwable thrown : List.of(
                new IllegalStateException("unchecked"), new IOException("checked"), new AssertionError("error"))) {
            assertThatThrownBy(() -> template.executeInTransaction(operations -> {
                        send("aborted");
                        return sneaky(thrown);
                    }))
                    .isSameAs(thrown);
        }
        template.executeInTransaction(operations -> send("committed"));

        assertThat(committed()).containsExactly("committed");
        assertThat(factory.getTransactionalProducers().state().idle()).isEqualTo(1);
    }

    @Test
    void refusesATransactionWithinOneOfTheSameTemplateOnly() {
        ProducerTemplate<String, String> other = new ProducerTemplate<>(
                factory(TransactionSettings.builder(prefix + "other-").build()));

        template.executeInTransaction(operations -> {
            assertThatThrownBy(() -> template.executeInTransaction(nested -> ""))
                    .isInstanceOf(NestedLocalTransactionException.class);
            other.executeInTransaction(nested -> nested.send(topic, "inner"));
            return send("outer");
        });

        assertThat(committed()).containsExactlyInAnyOrder("inner", "outer");
    }

    @Test
    void neverCommitsAroundARecordThatFailedUnnoticed() {
        assertThatThrownBy(() -> template.executeInTransaction(operations -> {
                    send("before");
                    send(RealFactories.POISON);
                    return send("after");
                }))
                .isInstanceOf(TransactionAbortedException.class);
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> send("x".repeat(30_000))))
                .isInstanceOf(UnexpectedRollbackException.class)
                .hasMessageContaining(prefix + "0");
        template.executeInTransaction(operations -> send("good"));

        assertThat(committed()).containsExactly("good");
        assertThat(factory.getTransactionalProducers().state().idle())
                .as("the same producer goes on")
                .isEqualTo(1);
    }

    @Test
    void throwsAFencedProducerAwayAndGoesOn() {
        template.executeInTransaction(operations -> send("first"));
        replace();
        assertThatThrownBy(() -> template.executeInTransaction(operations -> send("fenced")))
                .isInstanceOf(ProducerOperationException.class);
        template.executeInTransaction(operations -> send("second"));
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    send("fenced, too").join();
                    replace();
                }))
                .isInstanceOf(TransactionSystemException.class);
        transactions.executeWithoutResult(status -> send("third"));

        assertThat(committed()).containsExactly("first", "second", "third");
    }

    @Test
    void staysWithinItsIds() throws Exception {
        ProducerTemplate<String, String> bounded = new ProducerTemplate<>(factory(
                TransactionSettings.builder(prefix + "b-").maxProducers(2).build()));
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String value = "value-" + i;
                running.add(threads.submit(
                        () -> bounded.executeInTransaction(operations -> operations.send(topic, value))));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(committed()).hasSize(60).doesNotHaveDuplicates();
        var state = bounded.getProducerFactory().getTransactionalProducers().state();
        assertThat(state.inUse() + state.idle()).isBetween(1, 2);
    }

    @Test
    void saysWhoHoldsTheOnlyProducer() {
        DefaultProducerFactory<String, String> single = factory(TransactionSettings.builder(prefix + "s-")
                .maxProducers(1)
                .acquireTimeout(Duration.ofMillis(300))
                .build());
        ProducerTemplate<String, String> sending = new ProducerTemplate<>(single);
        TransactionTemplate outer = new TransactionTemplate(new ProducerTransactionManager(single));
        TransactionTemplate inner = new TransactionTemplate(new ProducerTransactionManager(single));
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        AtomicReference<CompletableFuture<?>> refused = new AtomicReference<>();

        outer.executeWithoutResult(status -> {
            sending.send(topic, "outer").join();
            assertThatThrownBy(() -> inner.executeWithoutResult(nested -> refused.set(sending.send(topic, "inner"))))
                    .isInstanceOf(UnexpectedRollbackException.class);
        });

        assertThat(refused.get())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .havingCause()
                .isInstanceOf(ProducerPoolExhaustedException.class)
                .withMessageContaining("REQUIRES_NEW");
        assertThat(committed()).containsExactly("outer");
    }

    @Test
    void replacesProducersThatAreTooOldUnderTheSameId() {
        ProducerTemplate<String, String> aging =
                new ProducerTemplate<>(factory(TransactionSettings.builder(prefix + "a-")
                        .producerMaxAge(Duration.ofMillis(1))
                        .build()));
        for (String value : List.of("one", "two", "three")) {
            aging.executeInTransaction(operations -> operations.send(topic, value));
        }

        assertThat(committed()).containsExactly("one", "two", "three");
    }

    @Test
    void resetsWhileATransactionIsOpen() {
        template.executeInTransaction(operations -> {
            send("before");
            factory.getTransactionalProducers().reset();
            return send("after");
        });
        assertThat(factory.getTransactionalProducers().state().idle()).isZero();
        template.executeInTransaction(operations -> send("next"));

        assertThat(committed()).containsExactly("before", "after", "next");
    }

    @Test
    void commitsOffsetsWithTheRecordsOrNotAtAll() throws Exception {
        ConsumerGroupMetadata group = new ConsumerGroupMetadata("group-" + UUID.randomUUID());
        TopicPartition partition = new TopicPartition(topic, 0);

        template.executeInTransaction(operations -> {
            operations.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(3)), group);
            return send("with offsets");
        });
        assertThatThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), group);
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> template.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), group))
                .isInstanceOf(TransactionRequiredForSendException.class);

        assertThat(Judge.groupOffset(cluster, group.groupId(), topic)).isEqualTo(3);
        assertThat(committed()).containsExactly("with offsets");
    }

    @Test
    void commitsAndRollsBackAsTheManagerIsTold() {
        transactions.executeWithoutResult(status -> send("committed"));
        transactions.executeWithoutResult(status -> {
            send("rolled back");
            status.setRollbackOnly();
        });
        TransactionTemplate independent = new TransactionTemplate(new ProducerTransactionManager(factory));
        independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    send("outer");
                    independent.executeWithoutResult(inner -> send("independent"));
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        TransactionTemplate readOnly = new TransactionTemplate(new ProducerTransactionManager(factory));
        readOnly.setReadOnly(true);
        readOnly.executeWithoutResult(status -> send("read-only is a hint"));

        assertThat(committed()).containsExactly("committed", "independent", "read-only is a hint");
    }

    @Test
    void needsNoProducerForATransactionWithoutRecords() {
        transactions.executeWithoutResult(status -> {});

        assertThat(factory.getTransactionalProducers().state().idle()).isZero();
        assertThat(committed()).isEmpty();
    }

    @Test
    void refusesTheSendOfAnotherThread() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            transactions.executeWithoutResult(status -> {
                send("mine");
                assertThatThrownBy(() ->
                                thread.submit(() -> send("another thread's")).get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(TransactionRequiredForSendException.class);
            });
        } finally {
            thread.shutdownNow();
        }

        assertThat(committed()).containsExactly("mine");
    }

    private CompletableFuture<SendResult<String, String>> send(String value) {
        return template.send(topic, value);
    }

    private List<String> committed() {
        return Judge.committed(cluster, topic);
    }

    /** Another instance takes the first id of the pool over. */
    private void replace() {
        Fencing.replace(cluster, prefix + "0");
    }

    private DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return factories.open(settings);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type of the exception is what it hides
    private static <T, X extends Throwable> T sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
