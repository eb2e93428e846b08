package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.Acks;
import dev.millrace.producer.config.Origin;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.support.TransactionTemplate;

/** The life of a factory that does transactions. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@ExtendWith(NothingLeftBound.class)
class FactoryTransactionsTest {

    private static final String TOPIC = "orders";

    private final FakeTransactions cluster = new FakeTransactions();
    private final DefaultProducerFactory<String, String> factory =
            cluster.factory(FakeTransactions.settings().instanceId("pod1").build());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

    private void sendOne(String value) {
        template.executeInTransaction(operations -> operations.send(TOPIC, value));
    }

    @Test
    @DisplayName("tells the ids once, when it starts")
    void tellsTheIds() {
        try (CapturedLog log = CapturedLog.of(DefaultProducerFactory.class)) {
            factory.start();
            sendOne("a");
            factory.stop();
            factory.start();
            assertThat(log.lines())
                    .contains(
                            "INFO [producer=producer] transactional ids begin with 'orders-': 'orders-pod1-0' and so on, one"
                                    + " for each transaction that runs at a time")
                    .filteredOn(line -> line.contains("transactional ids"))
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName("opens nothing before the first transaction, and no shared producer for it")
    void opensNothingAtStart() {
        factory.start();
        assertThat(cluster.opened).isEmpty();
        sendOne("a");
        assertThat(factory.isRunning()).isTrue();
        factory.stop();
        assertThat(cluster.shared.closes).isEmpty();
    }

    @Test
    @DisplayName("stop aborts what is open within the close timeout; start brings new producers with the old ids")
    void stopsAndStarts() {
        factory.setCloseTimeout(Duration.ofSeconds(3));
        sendOne("a");
        TransactionalProducer<String, String> inUse =
                factory.getTransactionalProducers().acquire();

        factory.stop();

        assertThat(inUse.state()).isEqualTo(TransactionState.CLOSED);
        assertThat(cluster.only().calls).endsWith("close 3000");
        assertThatThrownBy(() -> sendOne("b"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Producer 'producer' is stopped");

        factory.start();
        sendOne("c");
        assertThat(cluster.committed()).containsExactly("a", "c");
        assertThat(cluster.opened)
                .extracting(FakeTransactionalProducer::transactionalId)
                .containsExactly("orders-pod1-0", "orders-pod1-0");
    }

    @Test
    @DisplayName("stopped before its first transaction it refuses, and after a start it does not")
    void refusesWhenStoppedUnused() {
        factory.stop();
        assertThatThrownBy(() -> sendOne("a")).isInstanceOf(IllegalStateException.class);
        factory.start();
        sendOne("b");
        factory.destroy();
        assertThat(cluster.only().state()).isEqualTo(TransactionState.CLOSED);
        assertThatThrownBy(() -> sendOne("c")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("a transaction that is open when the factory stops fails, and leaves nothing behind")
    void failsWhatIsOpenAtTheStop() {
        assertThatExceptionOfType(ProducerTransactionFailedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.send(TOPIC, "a");
                    factory.stop();
                    cluster.commits.add(
                            CompletableFuture.failedFuture(new IllegalStateException("producer is closed")));
                    return "";
                }))
                .withMessage("Transaction 'orders-pod1-0' failed: producer is closed");
        assertThat(cluster.committed()).isEmpty();
    }

    @Test
    @DisplayName("59: reset closes all, the shared one too; the next use brings new ones")
    void resets() {
        template.setAllowNonTransactional(true);
        template.send(TOPIC, "shared");
        template.executeInTransaction(operations -> {
            operations.send(TOPIC, "a");
            factory.reset();
            assertThat(cluster.only().state()).isEqualTo(TransactionState.IN_TRANSACTION);
            return "";
        });

        assertThat(cluster.committed()).containsExactly("a");
        assertThat(cluster.only().state()).isEqualTo(TransactionState.CLOSED);
        assertThat(cluster.shared.closes).hasSize(1);
        sendOne("b");
        assertThat(cluster.opened).hasSize(2);
        assertThat(factory.isRunning()).isTrue();
    }

    @Test
    @DisplayName("what rules transactions out is refused at once")
    void refusesConflicts() {
        DefaultProducerFactory<String, String> lax = new DefaultProducerFactory<>(
                ProducerConfig.builder()
                        .bootstrapServers("broker:9092")
                        .acks(Acks.LEADER)
                        .build(),
                plugIns -> cluster.shared);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        lax.setTransactionSettings(FakeTransactions.settings().build()));
        assertThat(lax.isTransactional()).isFalse();
    }

    @Test
    @DisplayName("a transactional producer has the shared one's configuration, and names of its own")
    void derivesTheConfiguration() {
        ProducerConfig config = DefaultProducerFactory.transactional(
                ProducerConfig.builder()
                        .bootstrapServers("broker:9092")
                        .clientId("shop")
                        .linger(Duration.ofMillis(7))
                        .build(),
                FakeTransactions.settings().timeout(Duration.ofSeconds(9)).build(),
                "orders-3",
                3);
        assertThat(config.clientId()).isEqualTo("shop-tx-3");
        assertThat(config.transaction().id()).isEqualTo("orders-3");
        assertThat(config.transaction().timeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.batching().linger()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    @DisplayName("the default timeout stays a default, which the engine has no doubts about")
    void leavesDefaultsAlone() {
        ProducerConfig config = DefaultProducerFactory.transactional(
                ProducerConfig.builder().bootstrapServers("broker:9092").build(),
                FakeTransactions.settings().build(),
                "orders-0",
                0);
        assertThat(config.origin(Setting.TRANSACTION_TIMEOUT)).isEqualTo(Origin.DEFAULT);
        assertThat(config.derivations()).isEmpty();
    }

    @Test
    @DisplayName("ids are up to the strategy")
    void asksTheStrategy() {
        factory.setTransactionIdStrategy((prefix, instance, slot) -> prefix + slot + "@" + instance);
        sendOne("a");
        assertThat(cluster.only().transactionalId()).isEqualTo("orders-0@pod1");
        assertThatThrownBy(() -> factory.setTransactionIdStrategy(TransactionIdStrategy.PREFIX_INSTANCE_SLOT))
                .hasMessage("Producer 'producer' does transactions already; configure them before its first use");
        assertThatThrownBy(() -> factory.setTransactionSettings(null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("without a transaction in it, flush has nothing to do and does not borrow")
    void flushesNothing() {
        TransactionTemplate scope = new TransactionTemplate(new ProducerTransactionManager(factory));
        scope.executeWithoutResult(status -> {
            template.flush();
            assertThat(template.flushAsync()).isDone();
            assertThat(cluster.opened).isEmpty();
            template.send(TOPIC, "a");
            template.flush();
            assertThat(cluster.only().calls).endsWith("flush");
            assertThat(template.whenWritable()).isSameAs(cluster.writable);
            cluster.isFull = true;
            assertThat(template.trySend(new ProducerRecord<>(TOPIC, "b"))).isNull();
        });
        assertThat(cluster.committed()).containsExactly("a");
    }
}
