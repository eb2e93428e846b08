package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.spring.SynchronizedCommitException.Outcome;
import dev.millrace.spring.SynchronizedCommitException.Participant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that a database and a producer share, on real ones; numbers are those of docs/acceptance-spring.md. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@WithDevCluster(autoCreateTopics = false, dedicated = true)
@Timeout(180)
class TransactionsWithDatabaseIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String prefix = "it-" + UUID.randomUUID() + "-";
    private final String topic = "topic-" + UUID.randomUUID();
    private final String table = "orders_" + UUID.randomUUID().toString().replace('-', '_');
    private final RealFactories factories;
    private final DevCluster cluster;

    TransactionsWithDatabaseIT(DevCluster cluster) {
        this.cluster = cluster;
        this.factories = new RealFactories(cluster);
    }

    /** 64, after each of these tests. */
    @AfterEach
    void nothingIsLeftOnTheThread() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        factories.close();
        cluster.start();
    }

    /** A database, a producer and what writes to both. */
    private final class Shop {

        final DefaultProducerFactory<String, String> factory =
                factory(settings("").build());
        final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        final TransactionTemplate transactions;
        final JdbcClient database;

        Shop(TestDatabase kind) throws IOException {
            Judge.assumeTransactions(cluster);
            cluster.createTopic(topic, 1, 1, Map.of());
            DataSource source = kind.open();
            transactions = new TransactionTemplate(new JdbcTransactionManager(source));
            database = JdbcClient.create(source);
            database.sql("create table " + table + " (item varchar(100))").update();
        }

        void store(String item) {
            database.sql("insert into " + table + " values (?)").param(item).update();
        }

        CompletableFuture<SendResult<String, String>> send(String item) {
            return template.send(topic, item);
        }

        void place(String item) {
            transactions.executeWithoutResult(status -> {
                store(item);
                send(item);
            });
        }

        List<String> stored() {
            return database.sql("select item from " + table).query(String.class).list();
        }

        List<String> published() {
            return Judge.committed(cluster, topic);
        }
    }

    @ParameterizedTest
    @EnumSource
    void commitsBoth(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);

        shop.place("lamp");

        assertThat(shop.stored()).containsExactly("lamp");
        assertThat(shop.published()).containsExactly("lamp");
    }

    @ParameterizedTest
    @EnumSource
    void publishesNothingIfTheDatabaseRollsBack(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("lamp");
                    shop.send("lamp").join();
                    throw new IllegalStateException("no credit");
                }))
                .hasMessage("no credit");

        assertThat(shop.stored()).isEmpty();
        assertThat(shop.published()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void storesNothingIfTheBrokerIsDownAtTheCommit(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        shop.place("lamp");

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("chair");
                    cluster.kill(1);
                    shop.send("chair");
                }))
                .isInstanceOf(ProducerOperationException.class)
                .hasMessageContaining(prefix + "0");

        assertThat(shop.stored()).containsExactly("lamp");
        cluster.start(1);
        cluster.awaitReady(LIMIT);
        shop.place("table");
        assertThat(shop.stored()).containsExactly("lamp", "table");
        assertThat(shop.published()).containsExactly("lamp", "table");
    }

    @ParameterizedTest
    @EnumSource
    void storesNothingIfARecordFailedUnnoticed(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("lamp");
                    shop.send("x".repeat(2_000_000));
                }))
                .isInstanceOf(ProducerOperationException.class);

        assertThat(shop.stored()).isEmpty();
        assertThat(shop.published()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheDatabaseIsCommittedAndTheProducerIsNot(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        shop.place("lamp");

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("chair");
                    shop.send("chair");
                    atBeforeCompletion(() -> cluster.kill(1));
                    afterCommit(() -> {
                        throw new IllegalStateException("a failure of the application's own");
                    });
                }))
                .isInstanceOfSatisfying(
                        SynchronizedCommitException.class, failure -> assertThat(failure.getParticipants())
                                .singleElement()
                                .satisfies(participant -> {
                                    assertThat(participant.transactionalId()).isEqualTo(prefix + "0");
                                    assertThat(participant.outcome()).isNotEqualTo(Outcome.COMMITTED);
                                }));

        assertThat(shop.stored()).containsExactly("lamp", "chair");
        cluster.start(1);
        cluster.awaitReady(LIMIT);
        shop.place("table");
        assertThat(shop.published()).containsExactly("lamp", "table");
    }

    @ParameterizedTest
    @EnumSource
    void commitsTheOtherProducerIfOneCannot(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        DefaultProducerFactory<String, String> second =
                factory(settings("second-").build());
        ProducerTemplate<String, String> other = new ProducerTemplate<>(second);
        String otherTopic = topic + "-other";
        cluster.createTopic(otherTopic, 1, 1, Map.of());

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("lamp");
                    shop.send("lamp");
                    CompletableFuture<?> unused = other.send(otherTopic, "lamp");
                    atBeforeCompletion(() -> Fencing.replace(cluster, prefix + "0"));
                }))
                .isInstanceOfSatisfying(
                        SynchronizedCommitException.class, failure -> assertThat(failure.getParticipants())
                                .extracting(Participant::outcome)
                                .containsExactly(Outcome.ABORTED, Outcome.COMMITTED));

        assertThat(shop.stored()).containsExactly("lamp");
        assertThat(shop.published()).isEmpty();
        assertThat(Judge.committed(cluster, otherTopic)).containsExactly("lamp");
    }

    @ParameterizedTest
    @EnumSource
    void commitsBeforeAFailureOfTheApplicationAfterTheCommit(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    afterCommit(() -> {
                        throw new IllegalStateException("a failure of the application's own");
                    });
                    shop.store("lamp");
                    shop.send("lamp");
                }))
                .hasMessage("a failure of the application's own");

        assertThat(shop.published()).containsExactly("lamp");
    }

    @ParameterizedTest
    @EnumSource
    void sendsInCallbacksOfTheTransaction(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        List<Throwable> refused = new ArrayList<>();

        shop.transactions.executeWithoutResult(status -> {
            shop.store("lamp");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    shop.send("before the commit");
                }

                @Override
                public void afterCommit() {
                    shop.send("after the commit");
                }

                @Override
                public void afterCompletion(int end) {
                    try {
                        shop.send("after completion");
                    } catch (TransactionRequiredForSendException e) {
                        refused.add(e);
                    }
                }
            });
            shop.send("within");
        });

        assertThat(refused).hasSize(1);
        assertThat(shop.published()).containsExactly("within", "before the commit", "after the commit");
    }

    @ParameterizedTest
    @EnumSource
    void rollsBothBackIfAnInnerFailureIsCaught(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        TransactionTemplate inner = new TransactionTemplate(new ProducerTransactionManager(shop.factory));

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("lamp");
                    shop.send("outer");
                    assertThatThrownBy(() -> inner.executeWithoutResult(nested -> {
                                shop.send("inner");
                                throw new IllegalStateException("caught");
                            }))
                            .hasMessage("caught");
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(shop.stored()).isEmpty();
        assertThat(shop.published()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void publishesFirstIfToldSo(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        TransactionTemplate first = new TransactionTemplate(new ProducerTransactionManager(shop.factory));
        first.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.send("joined");
                    first.executeWithoutResult(inner -> shop.send("first"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.published()).containsExactly("first");
    }

    @ParameterizedTest
    @EnumSource
    void sendsInAReadOnlyTransaction(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        shop.transactions.setReadOnly(true);

        shop.transactions.executeWithoutResult(status -> shop.send("lamp"));

        assertThat(shop.published()).containsExactly("lamp");
    }

    @ParameterizedTest
    @EnumSource
    void needsATransactionOfItsOwnWithoutSynchronization(TestDatabase database) throws Exception {
        Shop shop = new Shop(database);
        ProducerTemplate<String, String> alone = new ProducerTemplate<>(factory(settings("alone-")
                .synchronization(TransactionSettings.Synchronization.NEVER)
                .build()));

        assertThatThrownBy(() -> shop.transactions.executeWithoutResult(status -> {
                    shop.store("lamp");
                    assertThatThrownBy(() -> alone.send(topic, "joined"))
                            .isInstanceOf(TransactionRequiredForSendException.class);
                    alone.executeInTransaction(operations -> operations.send(topic, "independent"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.stored()).isEmpty();
        assertThat(shop.published()).containsExactly("independent");
    }

    private static void atBeforeCompletion(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCompletion() {
                action.run();
            }
        });
    }

    private static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }

    private TransactionSettings.Builder settings(String more) {
        return TransactionSettings.builder(prefix + more)
                .flushTimeout(Duration.ofSeconds(3))
                .commitTimeout(Duration.ofSeconds(8));
    }

    private DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return factories.open(ProducerConfig.builder().maxBlock(Duration.ofSeconds(5)), settings);
    }
}
