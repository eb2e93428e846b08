package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What holds for sends within a database's transaction, whatever stands behind the factory. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@ExtendWith(NothingLeftBound.class)
abstract class JoinedTransactionsWithDatabase {

    static final String TOPIC = "orders";

    private final DriverManagerDataSource dataSource =
            new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private final JdbcTemplate jdbc = new JdbcTemplate(dataSource);

    private final JdbcTransactionManager databaseManager = new JdbcTransactionManager(dataSource);
    final TransactionTemplate database = new TransactionTemplate(databaseManager);

    /** A factory of its own for the test, closed by the subclass. */
    abstract DefaultProducerFactory<String, String> factory(TransactionSettings settings);

    /** Values that consumers see which read committed records, in order. */
    abstract List<String> committed();

    /** A value the factory's serializer refuses. */
    abstract String poison();

    TransactionSettings.Builder settings() {
        return TransactionSettings.builder("joined-");
    }

    @BeforeEach
    void createTable() {
        jdbc.execute("create table orders (name varchar(20))");
    }

    @AfterEach
    void dropDatabase() {
        jdbc.execute("shutdown");
    }

    void insert(String name) {
        jdbc.update("insert into orders values (?)", name);
    }

    List<String> rows() {
        return jdbc.queryForList("select name from orders", String.class);
    }

    /** A database that loses its connection while it commits, so that its manager cannot tell what it did. */
    TransactionTemplate databaseThatFailsToCommit() {
        return new TransactionTemplate(new JdbcTransactionManager(dataSource) {

            @Override
            protected void doCommit(DefaultTransactionStatus status) {
                throw new TransactionSystemException("connection lost");
            }
        });
    }

    static void beforeCommit(Runnable task) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

            @Override
            public void beforeCommit(boolean readOnly) {
                task.run();
            }
        });
    }

    static void afterCommit(Runnable task) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

            @Override
            public void afterCommit() {
                task.run();
            }
        });
    }

    static void afterCompletion(Runnable task) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

            @Override
            public void afterCompletion(int status) {
                task.run();
            }
        });
    }

    @Test
    @DisplayName("65: committed with the database, not visible before")
    void commitsWithTheDatabase() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        database.executeWithoutResult(status -> {
            insert("a");
            assertThat(template.inTransaction()).isTrue();
            template.send(TOPIC, "a");
            assertThat(committed()).isEmpty();
        });

        assertThat(rows()).containsExactly("a");
        assertThat(committed()).containsExactly("a");
    }

    @Test
    @DisplayName("65: rolled back with the database")
    void rollsBackWithTheDatabase() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                    throw new TransientDataAccessResourceException("no");
                }))
                .hasMessage("no");

        assertThat(rows()).isEmpty();
        assertThat(committed()).isEmpty();
    }

    @Test
    @DisplayName("51, 66: a send that failed unnoticed rolls the database back")
    void rollsBackForAFailedSend() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, poison());
                    template.send(TOPIC, "a");
                }));

        assertThat(rows()).isEmpty();
        assertThat(committed()).isEmpty();
    }

    @Test
    @DisplayName("67: what a user's callback throws after the commit comes too late to keep us from ours")
    void commitsBeforeCallbacksCanFail() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatThrownBy(() -> database.executeWithoutResult(status -> {
                    afterCommit(() -> {
                        throw new IllegalStateException("user");
                    });
                    insert("a");
                    template.send(TOPIC, "a");
                }))
                .hasMessage("user");

        assertThat(rows()).containsExactly("a");
        assertThat(committed()).containsExactly("a");
    }

    @Test
    @DisplayName("68: what is sent in beforeCommit is part of it, even if it is the first")
    void takesPartInBeforeCommit() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        database.executeWithoutResult(status -> {
            beforeCommit(() -> template.send(TOPIC, "first"));
            insert("a");
        });
        database.executeWithoutResult(status -> {
            beforeCommit(() -> template.send(TOPIC, "third"));
            template.send(TOPIC, "second");
            beforeCommit(() -> template.send(TOPIC, "fourth"));
        });

        assertThat(committed()).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    @DisplayName("68: what is sent in afterCommit has a transaction of its own, committed at the end")
    void commitsWhatIsSentAfterCommit() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        database.executeWithoutResult(status -> {
            template.send(TOPIC, "with");
            afterCommit(() -> {
                assertThat(committed()).containsExactly("with");
                template.send(TOPIC, "after");
            });
        });

        assertThat(committed()).containsExactly("with", "after");
    }

    @Test
    @DisplayName("68: what is sent in afterCompletion is refused, and says why")
    void refusesWhatIsSentAfterCompletion() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        for (boolean isRolledBack : new boolean[] {false, true}) {
            database.executeWithoutResult(status -> {
                template.send(TOPIC, "with");
                afterCompletion(() -> {
                    assertThat(template.inTransaction()).isFalse();
                    assertThatExceptionOfType(TransactionRequiredForSendException.class)
                            .isThrownBy(() -> template.send(TOPIC, "late"))
                            .withMessageEndingWith("The surrounding transaction is completed already: what is sent in"
                                    + " afterCompletion needs a transaction of its own");
                    afterwards++;
                });
                if (isRolledBack) {
                    status.setRollbackOnly();
                }
            });
        }
        assertThat(afterwards).isEqualTo(2); // Spring drops what an assertion throws there
        assertThat(committed()).containsExactly("with");
    }

    private int afterwards;

    @Test
    @DisplayName("69: an inner scope that failed and was caught rolls both back")
    void rollsBackForAnInnerScope() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        TransactionTemplate producer = new TransactionTemplate(new ProducerTransactionManager(factory));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                    assertThatThrownBy(() -> producer.executeWithoutResult(inner -> {
                                throw new IllegalStateException("inner");
                            }))
                            .hasMessage("inner");
                }))
                .withMessageContaining("a scope that takes part in it was rolled back");

        assertThat(rows()).isEmpty();
        assertThat(committed()).isEmpty();
    }

    @Test
    @DisplayName("70: with REQUIRES_NEW the producer's transaction is committed first in any case")
    void commitsFirstWithRequiresNew() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        TransactionTemplate producer = new TransactionTemplate(new ProducerTransactionManager(factory));
        producer.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        assertThatThrownBy(() -> database.executeWithoutResult(status -> {
                    template.send(TOPIC, "joined");
                    producer.executeWithoutResult(inner -> template.send(TOPIC, "first"));
                    assertThat(committed()).containsExactly("first");
                    template.send(TOPIC, "joined too");
                    throw new IllegalStateException("outer");
                }))
                .hasMessage("outer");

        assertThat(committed()).containsExactly("first");
    }

    @Test
    @DisplayName("70: with REQUIRED only if nothing was sent before; otherwise that is told once")
    void warnsOfRequired() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        TransactionTemplate producer = new TransactionTemplate(new ProducerTransactionManager(factory));

        try (CapturedLog log = CapturedLog.of(ProducerTransactionManager.class)) {
            database.executeWithoutResult(status -> {
                producer.executeWithoutResult(inner -> template.send(TOPIC, "first"));
                assertThat(committed()).containsExactly("first");
            });
            assertThat(log.lines()).isEmpty();

            for (int i = 0; i < 2; i++) {
                database.executeWithoutResult(status -> {
                    template.send(TOPIC, "joined");
                    producer.executeWithoutResult(inner -> template.send(TOPIC, "with it"));
                });
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN [producer=producer] a transaction with" + " REQUIRED does not commit by itself");
        }
        assertThat(committed()).containsExactly("first", "joined", "with it", "joined", "with it");
    }

    @Test
    @DisplayName("70: a read-only transaction may send")
    void sendsInReadOnly() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        database.setReadOnly(true);

        database.executeWithoutResult(status -> template.send(TOPIC, "a"));

        assertThat(committed()).containsExactly("a");
    }

    @Test
    @DisplayName("70: with synchronization never there is nothing to join")
    void needsItsOwnIfToldSo() {
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory(settings()
                .synchronization(TransactionSettings.Synchronization.NEVER)
                .build()));

        assertThatThrownBy(() -> database.executeWithoutResult(status -> {
                    assertThatExceptionOfType(TransactionRequiredForSendException.class)
                            .isThrownBy(() -> template.send(TOPIC, "a"));
                    template.executeInTransaction(operations -> operations.send(TOPIC, "own"));
                    throw new IllegalStateException("outer");
                }))
                .hasMessage("outer");

        assertThat(committed()).containsExactly("own");
    }

    @Test
    @DisplayName("3.6 joined (7): suspended and resumed with the database's transaction")
    void suspendsWithTheDatabase() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        TransactionTemplate another = new TransactionTemplate(databaseManager);
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        assertThatThrownBy(() -> database.executeWithoutResult(status -> {
                    template.send(TOPIC, "outer");
                    another.executeWithoutResult(inner -> template.send(TOPIC, "inner"));
                    assertThat(committed()).containsExactly("inner");
                    template.send(TOPIC, "outer again");
                    throw new IllegalStateException("outer");
                }))
                .hasMessage("outer");
        database.executeWithoutResult(status -> {
            template.send(TOPIC, "1");
            another.executeWithoutResult(inner -> template.send(TOPIC, "2"));
            template.send(TOPIC, "3");
        });

        assertThat(committed()).containsExactly("inner", "2", "1", "3");
    }

    @Test
    @DisplayName("a local transaction stands in for the joined one, also while that is suspended")
    void standsInForTheJoinedOne() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        TransactionTemplate another = new TransactionTemplate(databaseManager);
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        database.executeWithoutResult(status -> {
            template.send(TOPIC, "joined");
            template.executeInTransaction(operations -> {
                another.executeWithoutResult(inner -> operations.send(TOPIC, "local"));
                assertThat(committed()).isEmpty();
                return "";
            });
            assertThat(committed()).containsExactly("local");
            template.send(TOPIC, "joined too");
        });

        assertThat(committed()).containsExactly("local", "joined", "joined too");
    }
}
