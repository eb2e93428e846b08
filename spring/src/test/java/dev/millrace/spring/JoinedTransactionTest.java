package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.spring.SynchronizedCommitException.Outcome;
import dev.millrace.spring.SynchronizedCommitException.Participant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions joined to a database's, over a cluster that does what the test says: the faults. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
class JoinedTransactionTest extends JoinedTransactionsWithDatabase {

    private final FakeTransactions cluster = new FakeTransactions();

    @Override
    DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return cluster.factory(settings);
    }

    @Override
    List<String> committed() {
        return cluster.committed();
    }

    @Override
    String poison() {
        return FakeTransactions.POISON;
    }

    @Test
    @DisplayName("66: records that cannot be delivered roll the database back, and the caller gets the cause")
    void rollsBackIfNothingIsDelivered() {
        cluster.stuckFlush = new CompletableFuture<>();
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().flushTimeout(Duration.ofMillis(30)).build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                }))
                .withMessage("Transaction 'joined-0' was aborted: Records of transaction 'joined-0' were not delivered"
                        + " within 30 ms; the limit is app.producer.transaction.flush-timeout");
        assertThat(rows()).isEmpty();
        assertThat(cluster.only().calls).containsExactly("init", "begin", "abort");
    }

    @Test
    @DisplayName("66: a record that fails at the flush rolls the database back")
    void rollsBackIfARecordFails() {
        cluster.holdsRecords = true;
        cluster.deliveryFailure = FakeTransactions.failure("leader lost");
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                }))
                .withMessageContaining("leader lost")
                .withCause(cluster.deliveryFailure);
        assertThat(rows()).isEmpty();
    }

    @Test
    @DisplayName("66: without flush-before-commit the database has committed when a record fails")
    void commitsTheDatabaseWithoutFlush() {
        cluster.holdsRecords = true;
        cluster.deliveryFailure = FakeTransactions.failure("leader lost");
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().flushBeforeCommit(false).build()));

        assertThatExceptionOfType(SynchronizedCommitException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                }))
                .withCauseInstanceOf(TransactionAbortedException.class);
        assertThat(rows()).containsExactly("a");
        assertThat(committed()).isEmpty();
    }

    @Test
    @DisplayName("67: a commit that fails after the database's is told, with what became of every producer")
    void tellsWhatDidNotCommit() {
        FakeTransactions second = new FakeTransactions();
        DefaultProducerFactory<String, String> billing =
                second.factory(TransactionSettings.builder("billing-").build());
        billing.setBeanName("billing");
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        cluster.commits.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Fenced(FakeTransactions.failure("a newer one took over"))));

        assertThatExceptionOfType(SynchronizedCommitException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "a");
                    new ProducerTemplate<>(billing).send("bills", "b");
                }))
                .withMessage(
                        "The surrounding transaction is committed but producer transaction(s) [producer 'joined-0':"
                                + " aborted] did not commit")
                .withCauseInstanceOf(ProducerTransactionFailedException.class)
                .satisfies(failure -> assertThat(failure.getParticipants())
                        .containsExactly(
                                new Participant("producer", "joined-0", Outcome.ABORTED),
                                new Participant("billing", "billing-0", Outcome.COMMITTED)));

        assertThat(rows()).containsExactly("a");
        assertThat(second.committed()).containsExactly("b");
        assertThat(cluster.only().calls).endsWith("commit", "close 0");
    }

    @Test
    @DisplayName("67: an unknown outcome is listed as such; further failures are suppressed")
    void tellsThatItIsUnknown() {
        FakeTransactions second = new FakeTransactions();
        cluster.commits.add(CompletableFuture.completedFuture(FakeTransactions.unknownForGood()));
        second.commits.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Aborted(FakeTransactions.failure("too late"), true)));
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().commitTimeout(Duration.ofMillis(20)).build()));

        assertThatExceptionOfType(SynchronizedCommitException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    template.send(TOPIC, "a");
                    new ProducerTemplate<>(second.factory(settings().build())).send("bills", "b");
                }))
                .withMessageContaining("'joined-0': unknown")
                .withCauseInstanceOf(TransactionOutcomeUnknownException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .hasExactlyElementsOfTypes(TransactionAbortedException.class));
    }

    @Test
    @DisplayName("68: what fails that was sent after the commit is logged as an error and published")
    void publishesWhatNobodyHears() {
        List<Object> events = new ArrayList<>();
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        template.setApplicationEventPublisher(events::add);

        try (CapturedLog log = CapturedLog.of(JoinedTransactions.class)) {
            database.executeWithoutResult(status -> {
                insert("a");
                afterCommit(() -> {
                    cluster.commits.add(CompletableFuture.completedFuture(
                            new TransactionOutcome.Aborted(FakeTransactions.failure("too late"), true)));
                    template.send(TOPIC, "late");
                });
            });
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR [producer=producer txn=joined-0] records sent after the commit");
        }
        assertThat(events).singleElement().isInstanceOfSatisfying(ProducerTransactionFailedEvent.class, event -> {
            assertThat(event.producerName()).isEqualTo("producer");
            assertThat(event.failure()).hasMessage("Transaction 'joined-0' was aborted: too late");
        });
        assertThat(rows()).containsExactly("a");
    }

    @Test
    @DisplayName("3.6 joined (1): what a late callback sends is delivered at once and can still roll back")
    void deliversLatecomers() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    template.send(TOPIC, "early");
                    beforeCommit(() -> {
                        cluster.holdsRecords = true;
                        cluster.deliveryFailure = FakeTransactions.failure("leader lost");
                        template.send(TOPIC, "late");
                    });
                }))
                .withMessageContaining("leader lost");
        assertThat(rows()).isEmpty();
        assertThat(committed()).isEmpty();
    }

    /** Why ours is no {@code TransactionException}: Spring takes that for the word of its manager, and does not roll back. */
    @Test
    @DisplayName("69: what Spring's own exceptions do before a commit")
    void springCommitsForItsOwnExceptions() {
        assertThatExceptionOfType(UnexpectedRollbackException.class)
                .isThrownBy(() -> database.executeWithoutResult(status -> {
                    insert("a");
                    beforeCommit(() -> {
                        throw new UnexpectedRollbackException("take it back");
                    });
                }));
        assertThat(rows()).containsExactly("a");
    }

    @Test
    @DisplayName("3.6 joined (4): if nobody knows what became of the other transaction, ours is aborted, loudly")
    void abortsIfNobodyKnows() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        TransactionTemplate doubtful = databaseThatFailsToCommit();

        try (CapturedLog log = CapturedLog.of(JoinedTransactions.class)) {
            assertThatThrownBy(() -> doubtful.executeWithoutResult(status -> template.send(TOPIC, "a")))
                    .hasMessageContaining("connection lost");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR [producer=producer txn=joined-0] aborting");
        }
        assertThat(committed()).isEmpty();
        assertThat(cluster.only().calls).endsWith("abort");
    }
}
