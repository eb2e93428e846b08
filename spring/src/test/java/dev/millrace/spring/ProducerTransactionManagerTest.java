package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ProducerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.InvalidIsolationLevelException;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of transactions that a manager of ours drives. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@ExtendWith(NothingLeftBound.class)
class ProducerTransactionManagerTest {

    private static final String TOPIC = "orders";

    private final FakeTransactions cluster = new FakeTransactions();
    private final DefaultProducerFactory<String, String> factory =
            cluster.factory(FakeTransactions.settings().build());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
    private final AtomicLong nanos = new AtomicLong(7);
    private final ProducerTransactionManager manager = new ProducerTransactionManager(factory, nanos::get);

    private TransactionTemplate scope(int propagation) {
        TransactionTemplate scope = new TransactionTemplate(manager);
        scope.setPropagationBehavior(propagation);
        return scope;
    }

    private TransactionTemplate required() {
        return scope(TransactionDefinition.PROPAGATION_REQUIRED);
    }

    @Test
    @DisplayName("61 REQUIRED: commits at the end")
    void commits() {
        required().executeWithoutResult(status -> {
            template.send(TOPIC, "a");
            assertThat(template.inTransaction()).isTrue();
            assertThat(cluster.committed()).isEmpty();
        });
        assertThat(cluster.committed()).containsExactly("a");
    }

    @Test
    @DisplayName("61 REQUIRED: an exception aborts, and is what the caller gets")
    void rollsBack() {
        assertThatThrownBy(() -> required().executeWithoutResult(status -> {
                    template.send(TOPIC, "a");
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        required().executeWithoutResult(status -> {
            template.send(TOPIC, "b");
            status.setRollbackOnly();
        });
        assertThat(cluster.committed()).isEmpty();
        assertThat(cluster.only().calls).containsExactly("init", "begin", "abort", "begin", "abort");
    }

    @Test
    @DisplayName("62: a transaction that sends nothing has no producer")
    void takesNoProducerForNothing() {
        required().executeWithoutResult(status -> assertThat(template.inTransaction())
                .isTrue());
        assertThat(cluster.opened).isEmpty();
    }

    @Test
    @DisplayName("3.6: nobody believes that this is a transaction of his own")
    void synchronizesNothing() {
        required().executeWithoutResult(status -> {
            assertThat(TransactionSynchronizationManager.isSynchronizationActive())
                    .isFalse();
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isFalse();
        });
    }

    @Test
    @DisplayName("3.6: no producer to be had: the first send fails, later ones too, the commit says why")
    void rollsBackWithoutProducer() {
        cluster.inits.fail(FakeTransactions.failure("no coordinator"));

        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> required().executeWithoutResult(status -> {
                    assertThat(template.send(TOPIC, "a"))
                            .failsWithin(Duration.ZERO)
                            .withThrowableOfType(ExecutionException.class)
                            .withCauseInstanceOf(SendFailedException.class)
                            .withMessageContaining("no coordinator");
                    assertThat(template.send(TOPIC, "b")).isCompletedExceptionally();
                }))
                .withMessage("Transaction 'producer' was aborted: no coordinator")
                .withCauseInstanceOf(ProducerException.class);
        assertThat(cluster.only().calls).containsExactly("init", "close 0");
    }

    @Test
    @DisplayName("61 REQUIRED joins; an inner failure that is caught makes the outer commit a rollback")
    void joinsAndTells() {
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> required().executeWithoutResult(outer -> {
                    template.send(TOPIC, "a");
                    assertThatThrownBy(() -> required().executeWithoutResult(inner -> {
                                template.send(TOPIC, "b");
                                throw new IllegalStateException("inner");
                            }))
                            .hasMessage("inner");
                    assertThat(outer.isRollbackOnly()).isTrue();
                }));
        assertThat(cluster.committed()).isEmpty();
        assertThat(cluster.only().calls).containsExactly("init", "begin", "abort");
    }

    @Test
    @DisplayName("61 REQUIRES_NEW: a transaction of its own, with a second producer, and the first goes on")
    void suspends() {
        required().executeWithoutResult(outer -> {
            template.send(TOPIC, "outer 1");
            scope(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                    .executeWithoutResult(inner -> template.send(TOPIC, "inner"));
            assertThat(cluster.committed()).containsExactly("inner");
            template.send(TOPIC, "outer 2");
        });
        assertThat(cluster.committed()).containsExactly("inner", "outer 1", "outer 2");
        assertThat(cluster.opened)
                .extracting(FakeTransactionalProducer::transactionalId)
                .containsExactly("orders-0", "orders-1");
    }

    @Test
    @DisplayName("57 REQUIRES_NEW with a bound of one explains itself")
    void tellsWhyThereIsNoSecond() {
        DefaultProducerFactory<String, String> small = cluster.factory(FakeTransactions.settings()
                .maxProducers(1)
                .acquireTimeout(Duration.ofMillis(20))
                .build());
        ProducerTemplate<String, String> narrow = new ProducerTemplate<>(small);
        ProducerTransactionManager narrowManager = new ProducerTransactionManager(small);
        TransactionTemplate outer = new TransactionTemplate(narrowManager);
        TransactionTemplate inner = new TransactionTemplate(narrowManager);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        outer.executeWithoutResult(status -> {
            narrow.send(TOPIC, "outer");
            assertThatExceptionOfType(UnexpectedRollbackException.class)
                    .isThrownBy(() -> inner.executeWithoutResult(
                            within -> assertThat(narrow.send(TOPIC, "inner")).failsWithin(Duration.ZERO)))
                    .withMessageContaining("No transactional producer of 'producer' became free within 20 ms"
                            + " (max-producers=1, in use=1); this thread holds 1 of them")
                    .withMessageContaining("REQUIRES_NEW");
        });
        assertThat(cluster.committed()).containsExactly("outer");
    }

    @Test
    @DisplayName("61 SUPPORTS: takes part if there is something to take part in")
    void supports() {
        scope(TransactionDefinition.PROPAGATION_SUPPORTS).executeWithoutResult(status -> refusesToSend());
        required().executeWithoutResult(outer -> scope(TransactionDefinition.PROPAGATION_SUPPORTS)
                .executeWithoutResult(inner -> template.send(TOPIC, "a")));
        assertThat(cluster.committed()).containsExactly("a");
    }

    private void refusesToSend() {
        assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(() -> template.send(TOPIC, "x"));
        assertThat(template.inTransaction()).isFalse();
    }

    @Test
    @DisplayName("61 NOT_SUPPORTED: no transaction within, and the outer one goes on")
    void notSupported() {
        required().executeWithoutResult(outer -> {
            template.send(TOPIC, "a");
            scope(TransactionDefinition.PROPAGATION_NOT_SUPPORTED).executeWithoutResult(inner -> refusesToSend());
            template.send(TOPIC, "b");
        });
        assertThat(cluster.committed()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("61 MANDATORY and NEVER")
    void mandatoryAndNever() {
        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(
                        () -> scope(TransactionDefinition.PROPAGATION_MANDATORY).executeWithoutResult(status -> {}));
        scope(TransactionDefinition.PROPAGATION_NEVER).executeWithoutResult(status -> refusesToSend());
        required().executeWithoutResult(outer -> {
            scope(TransactionDefinition.PROPAGATION_MANDATORY).executeWithoutResult(inner -> template.send(TOPIC, "a"));
            assertThatExceptionOfType(IllegalTransactionStateException.class)
                    .isThrownBy(
                            () -> scope(TransactionDefinition.PROPAGATION_NEVER).executeWithoutResult(status -> {}));
        });
        assertThat(cluster.committed()).containsExactly("a");
    }

    @Test
    @DisplayName("61 NESTED: as REQUIRED if there is none, refused if there is one")
    void nested() {
        scope(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(outer -> {
            template.send(TOPIC, "a");
            assertThatExceptionOfType(NestedTransactionNotSupportedException.class)
                    .isThrownBy(() ->
                            scope(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(inner -> {}));
        });
        assertThat(cluster.committed()).containsExactly("a");
    }

    @Test
    @DisplayName("61: isolation levels are refused")
    void refusesIsolation() {
        TransactionTemplate isolated = required();
        isolated.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
        assertThatExceptionOfType(InvalidIsolationLevelException.class)
                .isThrownBy(() -> isolated.executeWithoutResult(status -> {}));
    }

    @Test
    @DisplayName("61: readOnly is a hint; what is sent is committed")
    void sendsInReadOnly() {
        TransactionTemplate readOnly = required();
        readOnly.setReadOnly(true);
        readOnly.executeWithoutResult(status -> template.send(TOPIC, "a"));
        assertThat(cluster.committed()).containsExactly("a");
    }

    @Test
    @DisplayName("61: after the timeout a send fails and the commit is a rollback")
    void timesOut() {
        TransactionTemplate hasty = required();
        hasty.setTimeout(2);

        assertThatExceptionOfType(TransactionTimedOutException.class)
                .isThrownBy(() -> hasty.executeWithoutResult(status -> {
                    template.send(TOPIC, "in time");
                    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
                    assertThat(template.send(TOPIC, "late"))
                            .failsWithin(Duration.ZERO)
                            .withThrowableOfType(ExecutionException.class)
                            .havingRootCause()
                            .isInstanceOf(TransactionTimedOutException.class);
                }))
                .withMessage(
                        "Transaction of producer 'producer' has run for longer than its timeout of 2000 ms; do less"
                                + " in it or allow it more time");
        assertThat(cluster.committed()).isEmpty();
        assertThat(cluster.only().calls).endsWith("abort");
    }

    @Test
    @DisplayName("61: a commit after the timeout is a rollback, also if nothing was sent late")
    void timesOutAtCommit() {
        manager.setDefaultTimeout(1);
        assertThatExceptionOfType(TransactionTimedOutException.class)
                .isThrownBy(() -> required().executeWithoutResult(status -> {
                    template.send(TOPIC, "in time");
                    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                }));
        assertThat(cluster.committed()).isEmpty();
    }

    @Test
    @DisplayName("61: a timeout above the coordinator's is capped, and that is told once")
    void capsTimeouts() {
        TransactionTemplate patient = required();
        patient.setTimeout(90);
        try (CapturedLog log = CapturedLog.of(ProducerTransactionManager.class)) {
            patient.executeWithoutResult(status -> template.send(TOPIC, "a"));
            assertThatExceptionOfType(TransactionTimedOutException.class)
                    .isThrownBy(() -> patient.executeWithoutResult(status -> {
                        template.send(TOPIC, "b");
                        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
                    }))
                    .withMessageContaining("app.producer.transaction.timeout of 60000 ms");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN [producer=producer] a transaction asks for a timeout of 90000 ms and gets 60000"
                                    + " ms: the coordinator would abort it then; raise app.producer.transaction.timeout if it"
                                    + " needs more");
        }
    }

    @Test
    @DisplayName("51: a failed send nobody looks at makes the commit a rollback, with its failure as cause")
    void rollsBackForAFailedSend() {
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> required().executeWithoutResult(status -> {
                    template.send(TOPIC, "a");
                    template.send(TOPIC, FakeTransactions.POISON);
                }))
                .withMessage("Transaction 'orders-0' was aborted: value cannot be serialized")
                .havingCause()
                .withMessage("value cannot be serialized");
        assertThat(cluster.committed()).isEmpty();
    }

    @Test
    @DisplayName("52: fenced at commit: a system exception, no abort, and the next transaction works")
    void tellsOfFencing() {
        cluster.commits.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Fenced(FakeTransactions.failure("a newer one took over"))));
        assertThatExceptionOfType(TransactionSystemException.class)
                .isThrownBy(() -> required().executeWithoutResult(status -> template.send(TOPIC, "a")))
                .withMessage("Transaction 'orders-0' failed: a newer one took over")
                .withCauseInstanceOf(ProducerTransactionFailedException.class);
        required().executeWithoutResult(status -> template.send(TOPIC, "b"));
        assertThat(cluster.opened.get(0).calls).containsExactly("init", "begin", "commit", "close 0");
        assertThat(cluster.committed()).containsExactly("b");
    }

    @Test
    @DisplayName("54: an unknown outcome is told as such, and no abort is tried, whatever Spring asks for")
    void tellsThatItIsUnknown() {
        DefaultProducerFactory<String, String> impatient = cluster.factory(
                FakeTransactions.settings().commitTimeout(Duration.ofMillis(20)).build());
        ProducerTransactionManager strict = new ProducerTransactionManager(impatient);
        strict.setRollbackOnCommitFailure(true);
        cluster.commits.add(CompletableFuture.completedFuture(FakeTransactions.unknownForGood()));

        assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
                .isThrownBy(() -> new TransactionTemplate(strict)
                        .executeWithoutResult(status -> new ProducerTemplate<>(impatient).send(TOPIC, "a")));
        assertThat(cluster.only().calls).containsExactly("init", "begin", "commit", "close 0");
    }

    @Test
    @DisplayName("55: what the abort met does not hide the exception; it is logged, and the producer evicted")
    void logsWhatTheAbortMet() {
        cluster.aborts.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Aborted(FakeTransactions.failure("no coordinator"), false)));
        try (CapturedLog log = CapturedLog.of(ProducerTransactionManager.class)) {
            assertThatThrownBy(() -> required().executeWithoutResult(status -> {
                        template.send(TOPIC, "a");
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN [producer=producer txn=orders-0] Abort of"
                            + " transaction 'orders-0' was not confirmed: no coordinator");
        }
        assertThat(cluster.only().calls).endsWith("abort", "close 0");
    }

    @Test
    @DisplayName("executeInTransaction is independent of the transaction around it")
    void leavesTheOuterAlone() {
        assertThatThrownBy(() -> required().executeWithoutResult(status -> {
                    template.send(TOPIC, "outer");
                    template.executeInTransaction(operations -> operations.send(TOPIC, "local"));
                    template.send(TOPIC, "outer again");
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(cluster.committed()).containsExactly("local");
    }

    @Test
    @DisplayName("within executeInTransaction REQUIRED takes part and REQUIRES_NEW does not")
    void takesPartInALocalOne() {
        template.executeInTransaction(operations -> {
            operations.send(TOPIC, "local");
            required().executeWithoutResult(status -> template.send(TOPIC, "part"));
            scope(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                    .executeWithoutResult(status -> template.send(TOPIC, "new"));
            return "";
        });
        assertThat(cluster.committed()).containsExactly("new", "local", "part");

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.send(TOPIC, "local 2");
                    required().executeWithoutResult(TransactionStatus::setRollbackOnly);
                    return "";
                }))
                .withMessage("Transaction 'orders-0' was aborted: a scope that takes part in it was rolled back");
        assertThat(cluster.committed()).containsExactly("new", "local", "part");
    }

    @Test
    @DisplayName("3.7: a manager needs a factory that does transactions")
    void needsATransactionalFactory() {
        DefaultProducerFactory<String, String> plain =
                cluster.factory(FakeTransactions.settings().build());
        plain.setTransactionSettings(null);
        assertThatExceptionOfType(TransactionsNotEnabledException.class)
                .isThrownBy(() -> new ProducerTransactionManager(plain));
        assertThat(manager.getResourceFactory()).isSameAs(factory);
        assertThat(manager.getProducerFactory()).isSameAs(factory);
    }
}
