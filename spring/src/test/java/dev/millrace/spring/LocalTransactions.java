package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TopicPartition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What holds for local transactions whatever stands behind the factory. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@ExtendWith(NothingLeftBound.class)
abstract class LocalTransactions {

    static final String TOPIC = "orders";

    /** A factory of its own for the test, closed by the subclass. */
    abstract DefaultProducerFactory<String, String> factory(TransactionSettings settings);

    /** Values that consumers see which read committed records, in order. */
    abstract List<String> committed();

    /** A value the factory's serializer refuses. */
    abstract String poison();

    /** Where the group goes on. */
    abstract @Nullable Long committedOffset(String group, TopicPartition partition);

    TransactionSettings.Builder settings() {
        return TransactionSettings.builder("local-");
    }

    @Test
    @DisplayName("49: what is committed is visible, and the result comes after the commit")
    void commitsWhatTheCallbackSent() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        String result = template.executeInTransaction(operations -> {
            operations.send(TOPIC, "a");
            operations.send(TOPIC, "key", "b");
            assertThat(operations.inTransaction()).isTrue();
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(committed()).containsExactly("a", "b");
        assertThat(template.inTransaction()).isFalse();
    }

    @Test
    @DisplayName(
            "49: exception, checked exception and Error all abort, and the producer is good for the next transaction")
    void abortsWhateverIsThrown() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

        for (Throwable thrown :
                List.of(new IllegalArgumentException("no"), new IOException("no"), new AssertionError("no"))) {
            assertThatThrownBy(() -> template.executeInTransaction(operations -> {
                        operations.send(TOPIC, "lost");
                        throw thrown instanceof Error error ? sneak(error) : (Exception) thrown;
                    }))
                    .isSameAs(thrown);
        }
        template.executeInTransaction(operations -> operations.send(TOPIC, "kept"));

        assertThat(committed()).containsExactly("kept");
        assertThat(factory.getTransactionalProducers().state())
                .isEqualTo(new TransactionalProducerPool.PoolState(0, 1, 0));
    }

    private static Exception sneak(Error error) {
        throw error;
    }

    @Test
    @DisplayName("50: nested on the same template is refused, also through another one; another template nests")
    void refusesNestingOfTheSameTemplate() {
        DefaultProducerFactory<String, String> factory = factory(settings().build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        ProducerTemplate<String, String> other = new ProducerTemplate<>(factory);

        template.executeInTransaction(outer -> {
            assertThatExceptionOfType(NestedLocalTransactionException.class)
                    .isThrownBy(() -> outer.executeInTransaction(inner -> ""))
                    .withMessage("executeInTransaction is already running on this thread for producer 'producer'");
            other.executeInTransaction(inner -> {
                assertThatExceptionOfType(NestedLocalTransactionException.class)
                        .isThrownBy(() -> template.executeInTransaction(innermost -> ""));
                return inner.send(TOPIC, "inner");
            });
            assertThat(committed()).containsExactly("inner");
            return outer.send(TOPIC, "outer");
        });

        assertThat(committed()).containsExactly("inner", "outer");
    }

    @Test
    @DisplayName("51: a failed send nobody looks at is never committed around")
    void abortsForAFailedSend() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.send(TOPIC, "before");
                    operations.send(TOPIC, poison());
                    return operations.send(TOPIC, "after");
                }))
                .withMessageContaining("Transaction 'local-0' was aborted: ");

        template.executeInTransaction(operations -> operations.send(TOPIC, "next"));
        assertThat(committed()).containsExactly("next");
    }

    @Test
    @DisplayName("57: with a bound of one the ids stay the same one")
    void keepsToItsIds() {
        DefaultProducerFactory<String, String> factory =
                factory(settings().maxProducers(1).build());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

        for (int i = 0; i < 5; i++) {
            String value = "v" + i;
            template.executeInTransaction(operations -> operations.send(TOPIC, value));
        }

        assertThat(committed()).containsExactly("v0", "v1", "v2", "v3", "v4");
        assertThat(factory.getTransactionalProducers().state())
                .isEqualTo(new TransactionalProducerPool.PoolState(0, 1, 1));
    }

    @Test
    @DisplayName("60: offsets are committed with the records, and not without")
    void commitsOffsets() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        ConsumerGroupMetadata group = new ConsumerGroupMetadata("billing");

        assertThatThrownBy(() -> template.executeInTransaction(operations -> {
                    operations.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), group);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(committedOffset("billing", partition)).isNull();

        template.executeInTransaction(operations -> {
            operations.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(8)), group);
            return "";
        });
        assertThat(committedOffset("billing", partition)).isEqualTo(8);

        assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(
                        () -> template.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(9)), group));
    }

    @Test
    @DisplayName("63: what another thread sends is not part of it")
    void refusesOtherThreads() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        template.executeInTransaction(operations -> {
            assertThatThrownBy(() -> CompletableFuture.runAsync(() -> operations.send(TOPIC, "elsewhere"))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TransactionRequiredForSendException.class);
            return operations.send(TOPIC, "here");
        });

        assertThat(committed()).containsExactly("here");
    }

    @Test
    @DisplayName("3.6: no transaction, no send; the message says what to do")
    void refusesToSendWithout() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(() -> template.send(TOPIC, "x"))
                .withMessage(
                        "Producer 'producer' is transactional but the current thread has no producer transaction. Use"
                                + " executeInTransaction, a @Transactional method, or set"
                                + " app.producer.template.allow-non-transactional=true");
        assertThat(template.isTransactional()).isTrue();
        assertThat(template.isAllowNonTransactional()).isFalse();
    }

    @Test
    @DisplayName("sendAll sends into the transaction, and the commit waits for its end")
    void sendsAllInTheTransaction() {
        ProducerTemplate<String, String> template =
                new ProducerTemplate<>(factory(settings().build()));

        template.executeInTransaction(operations -> operations.sendAll(List.of(
                new ProducerRecord<String, String>(TOPIC, "a"), new ProducerRecord<String, String>(TOPIC, "b"))));

        assertThat(committed()).containsExactly("a", "b");
    }
}
