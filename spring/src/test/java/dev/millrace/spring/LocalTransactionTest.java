package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Local transactions over a cluster that does what the test says, and their faults. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
class LocalTransactionTest extends LocalTransactions {

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

    @Override
    @Nullable Long committedOffset(String group, TopicPartition partition) {
        OffsetAndMetadata committed = cluster.offsets.get(partition);
        return committed == null ? null : (Long) committed.offset();
    }

    private ProducerTemplate<String, String> template() {
        return new ProducerTemplate<>(factory(settings().build()));
    }

    @Test
    @DisplayName("51: the first failure is the cause; those that failed for other reasons are suppressed")
    void namesTheFirstFailure() {
        cluster.holdsRecords = true;
        cluster.deliveryFailure = FakeTransactions.failure("leader lost");

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template().executeInTransaction(operations -> operations.send(TOPIC, "a")))
                .withMessage("Transaction 'local-0' was aborted: leader lost")
                .satisfies(failure -> {
                    assertThat(failure.getCause()).isSameAs(cluster.deliveryFailure);
                    assertThat(failure.getSuppressed()).isEmpty();
                });
    }

    @Test
    @DisplayName("52: fenced while it waited in the pool: another producer, and nobody notices")
    void replacesOneThatCannotBegin() {
        ProducerTemplate<String, String> template = template();
        template.executeInTransaction(operations -> operations.send(TOPIC, "a"));
        cluster.begins.fail(FakeTransactions.failure("fenced"));

        template.executeInTransaction(operations -> operations.send(TOPIC, "b"));

        assertThat(committed()).containsExactly("a", "b");
        assertThat(cluster.opened).hasSize(2);
        assertThat(cluster.opened.get(0).calls).endsWith("begin", "close 0");
        assertThat(cluster.opened.get(1).transactionalId()).isEqualTo("local-0");
    }

    @Test
    @DisplayName("52: fenced at begin twice: the callback does not run")
    void givesUpAfterTheSecond() {
        cluster.begins.fail(FakeTransactions.failure("fenced"), FakeTransactions.failure("fenced again"));

        assertThatExceptionOfType(ProducerTransactionFailedException.class)
                .isThrownBy(() -> template().executeInTransaction(operations -> {
                    throw new AssertionError("must not run");
                }))
                .withMessage("Transaction 'producer' failed: it could not begin: fenced again");
        assertThat(cluster.opened)
                .allSatisfy(producer -> assertThat(producer.calls).endsWith("close 0"));
    }

    @Test
    @DisplayName("52: fenced at commit: no abort is tried, the producer is evicted, the next transaction works")
    void evictsOneThatIsFenced() {
        ProducerTemplate<String, String> template = template();
        cluster.commits.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Fenced(FakeTransactions.failure("a newer one took over"))));

        assertThatExceptionOfType(ProducerTransactionFailedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> operations.send(TOPIC, "a")))
                .withMessage("Transaction 'local-0' failed: a newer one took over");
        template.executeInTransaction(operations -> operations.send(TOPIC, "b"));

        assertThat(cluster.opened.get(0).calls).containsExactly("init", "begin", "commit", "close 0");
        assertThat(committed()).containsExactly("b");
    }

    @Test
    @DisplayName("52: a producer that has failed is not used again although its transaction was aborted")
    void evictsOneThatHasFailed() {
        ProducerTemplate<String, String> template = template();

        assertThatExceptionOfType(ProducerTransactionFailedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    cluster.commits.add(CompletableFuture.completedFuture(
                            new TransactionOutcome.Aborted(FakeTransactions.failure("not authorized"), true)));
                    cluster.only().becomes(TransactionState.FAILED);
                    return "";
                }))
                .withMessage("Transaction 'local-0' failed: not authorized");

        assertThat(cluster.only().calls).endsWith("commit", "close 0");
    }

    @Test
    @DisplayName("53: aborted instead of committed: the same producer goes on")
    void reusesOneThatAborted() {
        ProducerTemplate<String, String> template = template();

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() ->
                        template.executeInTransaction(operations -> operations.send(TOPIC, FakeTransactions.POISON)));
        template.executeInTransaction(operations -> operations.send(TOPIC, "b"));

        assertThat(cluster.only().calls).containsExactly("init", "begin", "commit", "begin", "commit");
    }

    @Test
    @DisplayName("54: an unknown outcome is asked for again, and known in the end")
    void resolvesWhatIsUnknown() {
        cluster.commits.add(CompletableFuture.completedFuture(
                FakeTransactions.unknown(FakeTransactions.unknown(new TransactionOutcome.Committed()))));

        assertThat(template().<String, RuntimeException>executeInTransaction(operations -> "done"))
                .isEqualTo("done");
    }

    @Test
    @DisplayName("54: unknown until the limit: nothing is claimed, no abort, the producer is closed at once")
    void tellsThatItIsUnknown() {
        cluster.commits.add(CompletableFuture.completedFuture(FakeTransactions.unknownForGood()));
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().commitTimeout(Duration.ofMillis(120)).build()));

        assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> operations.send(TOPIC, "a")))
                .withMessage("Commit of transaction 'local-0' was not confirmed within 120 ms; it may or may not be"
                        + " visible to consumers");

        assertThat(cluster.only().calls).containsExactly("init", "begin", "commit", "close 0");
    }

    @Test
    @DisplayName("54: no answer at all within the limit is unknown, too")
    void doesNotWaitForever() {
        cluster.commits.add(new CompletableFuture<>());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().commitTimeout(Duration.ofMillis(30)).build()));

        assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> operations.send(TOPIC, "a")));
        assertThat(cluster.only().calls).endsWith("commit", "close 0");
    }

    @Test
    @DisplayName("54: an interrupt does not cut the commit short, and is not lost")
    void commitsThroughAnInterrupt() {
        CompletableFuture<TransactionOutcome> commit = new CompletableFuture<>();
        commit.completeOnTimeout(new TransactionOutcome.Committed(), 50, TimeUnit.MILLISECONDS);
        cluster.commits.add(commit);

        template().executeInTransaction(operations -> {
            Thread.currentThread().interrupt();
            return "";
        });

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("55: what the abort met is suppressed under what the callback threw, and the producer is evicted")
    void suppressesWhatTheAbortMet() {
        cluster.aborts.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Aborted(FakeTransactions.failure("no coordinator"), false)));
        IllegalStateException thrown = new IllegalStateException("mine");

        assertThatThrownBy(() -> template().executeInTransaction(operations -> {
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(thrown.getSuppressed())
                .singleElement()
                .asInstanceOf(type(ProducerOperationException.class))
                .extracting(Throwable::getMessage)
                .isEqualTo("Abort of transaction 'local-0' was not confirmed: no coordinator; the coordinator aborts it"
                        + " when its timeout of 60000 ms has passed");
        assertThat(cluster.only().calls).endsWith("abort", "close 0");
    }

    @Test
    @DisplayName("55: fenced at abort")
    void evictsOneThatIsFencedAtItsAbort() {
        cluster.aborts.add(CompletableFuture.completedFuture(
                new TransactionOutcome.Fenced(FakeTransactions.failure("a newer one took over"))));

        assertThatThrownBy(() -> template().executeInTransaction(operations -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(cluster.only().calls).endsWith("abort", "close 0");
    }

    @Test
    @DisplayName("60: offsets that fail break the transaction, even if the caller goes on")
    void abortsForFailedOffsets() {
        cluster.offsetSends.fail(FakeTransactions.failure("rebalanced"));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template().executeInTransaction(operations -> {
                    operations.send(TOPIC, "a");
                    assertThatExceptionOfType(ProducerOperationException.class)
                            .isThrownBy(() -> operations.sendOffsetsToTransaction(
                                    Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(1)),
                                    new ConsumerGroupMetadata("billing")))
                            .withMessage(
                                    "Offsets of group 'billing' are not part of transaction 'local-0': rebalanced");
                    return "";
                }))
                .withMessageContaining("rebalanced");
        assertThat(committed()).isEmpty();
    }

    @Test
    @DisplayName("3.6: longer than the transaction's timeout: the send fails, the commit aborts")
    void abortsAfterItsTime() {
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                factory(settings().timeout(Duration.ofMillis(1)).build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    Uninterruptibly.pause(Duration.ofMillis(2).toNanos());
                    CompletableFuture<?> sent = operations.send(TOPIC, "late");
                    assertThat(sent).isCompletedExceptionally();
                    return "";
                }))
                .withMessageContaining("app.producer.transaction.timeout");
        assertThat(cluster.only().calls).endsWith("abort");
    }

    @Test
    @DisplayName("3.6: what may be sent without a transaction goes to the shared producer")
    void sendsWithoutIfAllowed() {
        ProducerTemplate<String, String> template = template();
        template.setAllowNonTransactional(true);

        template.send(TOPIC, "outside");
        template.executeInTransaction(operations -> operations.send(TOPIC, "inside"));

        assertThat(cluster.shared.sent)
                .singleElement()
                .extracting(sent -> sent.record().value())
                .isEqualTo("outside");
        assertThat(committed()).containsExactly("inside");
        assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(() -> template.sendOffsetsToTransaction(Map.of(), new ConsumerGroupMetadata("g")));
    }

    @Test
    @DisplayName("3.7: without transactions there is nothing to execute in")
    void needsAPrefix() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        factory.setTransactionSettings(null);
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

        assertThatExceptionOfType(TransactionsNotEnabledException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> ""))
                .withMessage(
                        "Producer 'producer' has no transaction id prefix; set app.producer.transaction.id-prefix");
        assertThatExceptionOfType(TransactionsNotEnabledException.class)
                .isThrownBy(() -> template.sendOffsetsToTransaction(Map.of(), new ConsumerGroupMetadata("g")));
        assertThat(template.inTransaction()).isFalse();
        assertThat(template.isTransactional()).isFalse();
    }

    @Test
    @DisplayName("sendAll that is not read to its end is never committed around")
    void abortsForASourceThatBreaks() {
        Iterable<ProducerRecord<String, String>> source = () -> new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public ProducerRecord<String, String> next() {
                if (given++ == 1) {
                    throw new IllegalStateException("the file ends here");
                }
                return new ProducerRecord<>(TOPIC, "a");
            }
        };

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template().executeInTransaction(operations -> operations.sendAll(source)))
                .withMessageContaining("the file ends here");
        assertThat(committed()).isEmpty();
        assertThat(cluster.only().calls).endsWith("abort");
    }
}
