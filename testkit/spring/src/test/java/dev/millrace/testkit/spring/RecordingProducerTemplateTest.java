package dev.millrace.testkit.spring;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.Headers;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import dev.millrace.spring.TransactionAbortedException;
import dev.millrace.spring.TransactionRequiredForSendException;
import dev.millrace.testkit.recording.RecordingCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionTemplate;

/** The template for unit tests keeps the contract of the real one. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // transactions take care of them
class RecordingProducerTemplateTest {

    private final RecordingProducerTemplate<String, String> template = new RecordingProducerTemplate<>();
    private final RecordingProducerTemplate<String, String> transactional = RecordingProducerTemplate.transactional();

    @Test
    void keepsEverythingOfARecord() {
        SendResult<String, String> sent = template.send(
                        new ProducerRecord<>("orders", 2, 17L, "order-17", "placed", Headers.of("source", "shop")))
                .join();

        assertThat(sent.metadata().toString()).isEqualTo("orders-2@0");
        assertThat(template)
                .hasNothingIn("audit")
                .topic("orders")
                .singleRecord()
                .hasKey("order-17")
                .hasValue("placed")
                .isInPartition(2)
                .hasTimestamp(17)
                .hasHeader("source", "shop");
    }

    @Test
    void hasEndedARecordWhenSendReturns() {
        List<String> told = new ArrayList<>();
        RecordingCluster<String, String> cluster = RecordingCluster.<String, String>builder()
                .interceptors(List.of(new ProducerInterceptor<>() {
                    @Override
                    public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                        told.add("onSend");
                        return record.withHeaders(Headers.of("trace", "1"));
                    }

                    @Override
                    public void onAcknowledgement(
                            RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
                        told.add("onAcknowledgement " + headers.size());
                    }
                }))
                .build();
        RecordingProducerTemplate<String, String> hooked = new RecordingProducerTemplate<>(cluster);
        hooked.setListeners(List.of(new ProducerListener<String, String>() {
            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                told.add("listener");
            }
        }));

        CompletableFuture<SendResult<String, String>> future = hooked.send("orders", "v");
        told.add("returned done=" + future.isDone());

        assertThat(told).containsExactly("onSend", "onAcknowledgement 1", "listener", "returned done=true");
        assertThat(hooked).topic("orders").allHaveHeader("trace", "1");
    }

    @Test
    void failsTheNextRecordAsTheTemplateDoes() {
        template.failNext(ErrorCode.MESSAGE_TOO_LARGE);
        template.failNext(ErrorCode.NOT_ENOUGH_REPLICAS);

        assertThat(failure(template.send("orders", "large")).isRetriable()).isFalse();
        SendFailedException late = failure(template.send("orders", "late"));
        template.send("orders", "v").join();

        assertThat(late.isRetriable()).isTrue();
        assertThat(late.getTopic()).isEqualTo("orders");
        assertThat(late.getCause())
                .isInstanceOfSatisfying(ProducerException.class, cause -> assertThat(cause.errorCode())
                        .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS));
        assertThat(template).topic("orders").hasValues("v");
    }

    private static SendFailedException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return (SendFailedException) future.handle((sent, failure) -> failure).join();
    }

    @Test
    void throwsForProgrammingErrorsOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> template.send("", "v"));
        assertThatIllegalStateException().isThrownBy(() -> template.sendDefault("v"));
    }

    @Test
    void holdsRecordsUntilTold() {
        template.hold();
        CompletableFuture<SendResult<String, String>> first = template.send("orders", "a");
        CompletableFuture<SendResult<String, String>> second = template.send("orders", "b");
        CompletableFuture<SendResult<String, String>> third = template.send("orders", "c");
        CompletableFuture<Void> flushed = template.flushAsync();

        assertThat(first).isNotDone();
        assertThat(template.held()).extracting(ProducerRecord::value).containsExactly("a", "b", "c");
        assertThat(template).hasNothing();

        template.deliverNext();
        assertThat(first).isCompleted();
        template.failNextHeld(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(failure(second).isRetriable()).isFalse();
        assertThat(flushed).isNotDone();
        template.release();

        assertThat(third).isCompleted();
        assertThat(flushed).isCompleted();
        assertThat(template).topic("orders").hasValuesInOrder("a", "c");
        assertThat(template.send("orders", "d")).isCompleted();
        assertThatIllegalStateException().isThrownBy(template::deliverNext);
    }

    @Test
    void hasNoSpaceIfTold() {
        template.setFull(true);

        assertThat(template.trySend(new ProducerRecord<>("orders", "v"))).isNull();
        CompletableFuture<Void> writable = template.whenWritable();
        assertThat(writable).isNotDone();
        assertThat(failure(template.send("orders", "v")).getCause()).hasMessageContaining("buffer space");
        template.setFull(false);

        assertThat(writable).isCompleted();
        assertThat(template.trySend(new ProducerRecord<>("orders", "v"))).isCompleted();
    }

    @Test
    void usesSerializersIfItHasThem() {
        RecordingProducerTemplate<String, String> strict =
                new RecordingProducerTemplate<>(RecordingCluster.<String, String>builder()
                        .topic("orders", 12)
                        .serializers(Serializers.string(), (topic, value) -> {
                            throw new IllegalArgumentException("not text: " + value);
                        })
                        .build());

        assertThat(failure(strict.send("orders", "k", "v"))).hasCauseInstanceOf(SerializationException.class);

        RecordingProducerTemplate<String, String> partitioned =
                new RecordingProducerTemplate<>(RecordingCluster.<String, String>builder()
                        .topic("orders", 12)
                        .serializers(Serializers.string(), Serializers.string())
                        .build());
        SendResult<String, String> sent =
                partitioned.send("orders", "foobar", "v").join();
        assertThat(sent.metadata().serializedKeySize()).isEqualTo(6);
        assertThat(sent.metadata().partition()).isEqualTo((-790332482 & Integer.MAX_VALUE) % 12); // of Kafka's own test
        assertThat(partitioned.partitionsFor("orders").join()).hasSize(12);
        assertThat(failure(partitioned.send("orders", 12, "k", "v"))).hasMessageContaining("partition");
    }

    @Test
    void sendsAllOfASource() {
        template.failNext(ErrorCode.MESSAGE_TOO_LARGE);
        List<ProducerRecord<String, String>> source = IntStream.range(0, 5)
                .mapToObj(i -> new ProducerRecord<String, String>("orders", "v" + i))
                .toList();

        SendAllResult all = template.sendAll(source).join();
        assertThat(all.sent()).isEqualTo(5);
        assertThat(all.failed()).isEqualTo(1);
        assertThat(template).topic("orders").hasValuesInOrder("v1", "v2", "v3", "v4");

        template.clear();
        template.hold();
        CompletableFuture<SendAllResult> bounded =
                template.sendAll(source, SendAllOptions.defaults().withMaxInFlight(2));
        assertThat(template.held()).hasSize(2);
        template.deliverNext();
        assertThat(template.held()).hasSize(2);
        template.release();
        assertThat(bounded.join().delivered()).isEqualTo(5);
    }

    @Test
    void refusesSendsOutsideOfATransaction() {
        assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(() -> transactional.send("orders", "v"));

        transactional.setAllowNonTransactional(true);
        transactional.send("orders", "outside").join();
        assertThat(transactional).committed().topic("orders").hasValues("outside");
    }

    @Test
    void tellsCommittedFromAbortedAndOpen() {
        transactional.executeInTransaction(operations -> operations.send("orders", "committed"));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> transactional.executeInTransaction(operations -> {
                    operations.send("orders", "aborted");
                    throw new IllegalStateException("no");
                }));
        transactional.executeInTransaction(operations -> {
            operations.send("orders", "open");
            assertThat(transactional).topic("orders").hasRecords(3);
            assertThat(transactional).committed().topic("orders").hasValues("committed");
            return true;
        });

        assertThat(transactional).committed().topic("orders").hasValuesInOrder("committed", "open");
        assertThat(transactional.aborted("orders")).extracting("value").containsExactly("aborted");
    }

    @Test
    void abortsATransactionWithARecordThatFailed() {
        transactional.failNext(ErrorCode.MESSAGE_TOO_LARGE);

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactional.executeInTransaction(operations -> {
                    operations.send("orders", "lost");
                    return operations.send("orders", "kept");
                }));

        assertThat(transactional).committed().topic("orders").hasNoRecords();
    }

    @Test
    void failsACommitIfTold() {
        transactional.failNextCommit(ErrorCode.INVALID_PRODUCER_EPOCH);

        assertThatExceptionOfType(TransactionAbortedException.class)
                .isThrownBy(() -> transactional.executeInTransaction(operations -> operations.send("orders", "v")));

        assertThat(transactional).topic("orders").hasRecords(1);
        assertThat(transactional).committed().topic("orders").hasNoRecords();
    }

    @Test
    void takesPartInTransactionsOfSpring() {
        ProducerTransactionManager manager = new ProducerTransactionManager(transactional.getProducerFactory());
        TransactionTemplate transactions = new TransactionTemplate(manager);

        transactions.executeWithoutResult(status -> {
            transactional.send("orders", "v");
            transactional.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("in", 0), new OffsetAndMetadata(7)), new ConsumerGroupMetadata("shop"));
            assertThat(transactional.committedOffsets("shop")).isEmpty();
        });
        transactions.executeWithoutResult(status -> {
            transactional.send("orders", "rolled back");
            status.setRollbackOnly();
        });

        assertThat(transactional).committed().topic("orders").hasValues("v");
        assertThat(transactional.committedOffsets("shop"))
                .containsEntry(new TopicPartition("in", 0), new OffsetAndMetadata(7));
    }

    @Test
    void forgetsWhatItIsTold() {
        template.send("orders", "v").join();
        template.failNext(ErrorCode.MESSAGE_TOO_LARGE);

        template.clear();

        assertThat(template).hasNothing();
        assertThat(template.send("orders", "v")).succeedsWithin(Duration.ZERO);
    }
}
