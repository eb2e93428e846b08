package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedTransactionalProducer.TOPIC;
import static dev.millrace.producer.internal.SimulatedTransactionalProducer.UNSPEAKABLE;
import static dev.millrace.producer.internal.TransactionalScenario.assertGoesOn;
import static dev.millrace.producer.internal.TransactionalScenario.at;
import static dev.millrace.producer.internal.TransactionalScenario.causeOf;
import static dev.millrace.producer.internal.TransactionalScenario.hold;
import static dev.millrace.producer.internal.TransactionalScenario.smallBatches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.SimulatedTransactionalProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records of transactions that fail, and what an abort does to the others, with both protocols: 1 is the classic one, 2 that of
 * KIP-890.
 */
@Timeout(60)
class FailedRecordsInTransactionsScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @Tag("row-96")
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "OUT_OF_ORDER_SEQUENCE_NUMBER",
                "UNKNOWN_PRODUCER_ID",
                "INVALID_PRODUCER_EPOCH",
                "INVALID_TXN_STATE",
                "TOPIC_AUTHORIZATION_FAILED",
                "TRANSACTION_ABORTABLE",
                "INVALID_RECORD"
            })
    void aRefusedBatchCannotBeCommittedAround(ErrorCode error) {
        for (int level = 1; level <= 2; level++) {
            SimulatedTransactionalProducer sim = at(level);
            sim.begin();
            sim.sendAlone(0, "kept out");
            sim.loop.advance(SECOND);
            sim.cluster.failNext(TOPIC, 0, error);
            Sent refused = sim.sendAlone(0, "refused");
            sim.loop.advance(SECOND);
            assertThat(refused.failure().errorCode()).isEqualTo(error);
            assertThat(refused.failure().mayHaveBeenWritten()).isFalse();
            assertThat(refused.toldWhileOpen)
                    .as("its transaction heard of it first")
                    .isFalse();
            assertThat(sim.producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
            assertThat(causeOf(sim.commit())).isSameAs(refused.failure());
            assertGoesOn(sim);
        }
    }

    @Test
    @Tag("row-96")
    void exhaustedRetriesAbort() {
        for (int level = 1; level <= 2; level++) {
            SimulatedTransactionalProducer sim = SimulatedTransactionalProducer.at(
                    level, 1, config -> smallBatches(config).retries(2));
            sim.cluster.failNext(
                    TOPIC,
                    0,
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    ErrorCode.NOT_ENOUGH_REPLICAS);
            sim.begin();
            Sent failed = sim.sendAlone(0, "failed");
            sim.loop.advance(SECOND);
            assertThat(causeOf(sim.commit())).isSameAs(failed.failure());
            assertGoesOn(sim);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-96")
    void aDeadlineThatPassesAborts(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        sim.cluster.onProduce(call -> {});
        Sent lost = sim.sendAlone(0, "lost");
        sim.loop.advance(Duration.ofSeconds(5));
        assertThat(lost.failure().mayHaveBeenWritten()).isTrue();
        assertThat(lost.toldWhileOpen).isFalse();
        assertThat(causeOf(sim.commit())).isSameAs(lost.failure());
        assertGoesOn(sim);
    }

    /** An end of the transaction that overtook its records would leave them in the next one (KAFKA-14402). */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-109")
    void theEndOfATransactionWaitsForRequestsWhoseRecordsHaveExpired(int level) {
        SimulatedTransactionalProducer sim = SimulatedTransactionalProducer.at(level, 1, config -> config.batchSize(1)
                .requestTimeout(Duration.ofSeconds(10))
                .deliveryTimeout(Duration.ofSeconds(10)));
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        List<ProduceCall> held = hold(sim);
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NONE);
        Sent slow = sim.sendAlone(0, "slow");
        sim.loop.advance(Duration.ofSeconds(9));
        held.get(0).refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        sim.loop.advance(Duration.ofMillis(500)); // goes again, half a second before its deadline
        assertThat(held).hasSize(2);
        sim.loop.advance(Duration.ofMillis(600));
        assertThat(slow.failure()).hasMessageContaining("state=in flight");
        CompletableFuture<TransactionOutcome> abort = sim.producer.abortAsync();
        sim.loop.advance(SECOND);
        assertThat(sim.cluster.coordinators().calls(ApiKey.END_TXN))
                .as("a batch is in flight")
                .isEmpty();
        held.get(1).appendAndAnswer();
        assertThat(sim.await(abort)).isEqualTo(new Aborted(null, true));
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-109")
    void anAbortDropsWhatWasNotSentAndWaitsForWhatWas(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        List<ProduceCall> held = hold(sim);
        List<Sent> flying = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flying.add(sim.sendAlone(0, "flying" + i));
        }
        assertThat(held).hasSize(5);
        List<Sent> queued = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            queued.add(sim.send(i % 2, "queued" + i));
        }
        queued.add(sim.send("no-such-topic", null, "homeless"));
        CompletableFuture<TransactionOutcome> abort = sim.producer.abortAsync();
        sim.loop.advance(SECOND);
        for (int partition = 0; partition < 2; partition++) {
            List<Sent> ofPartition = new ArrayList<>();
            for (int i = partition; i < 1000; i += 2) {
                ofPartition.add(queued.get(i));
            }
            assertThat(sim.completed).as("in the order of the sends").containsSubsequence(ofPartition);
        }
        assertThat(queued).allSatisfy(record -> assertThat(record.failure())
                .hasMessageContaining("transaction aborted")
                .extracting(ProducerException::mayHaveBeenWritten)
                .isEqualTo(false));
        assertThat(flying).allMatch(record -> record.calls == 0);
        assertThat(sim.cluster.coordinators().calls(ApiKey.END_TXN)).isEmpty();
        held.forEach(ProduceCall::appendAndAnswer);
        assertThat(sim.await(abort)).isEqualTo(new Aborted(null, true));
        assertThat(flying).allMatch(Sent::isDelivered);
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("row-109")
    void whatComesBackUnacknowledgedIsNotSentAgainForAnAbort(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        hold(sim);
        List<Sent> lost = List.of(sim.sendAlone(0, "lost0"), sim.sendAlone(0, "lost1"));
        int produced = sim.cluster.produceCalls().size();
        CompletableFuture<TransactionOutcome> abort = sim.producer.abortAsync();
        sim.loop.advance(Duration.ofSeconds(2)); // the request timeout
        assertThat(sim.cluster.produceCalls()).hasSize(produced);
        assertThat(lost).allSatisfy(record -> assertThat(record.failure())
                .hasMessageContaining("transaction ended before the record was acknowledged")
                .hasMessageContaining("readers of committed records will not see it")
                .extracting(ProducerException::mayHaveBeenWritten)
                .isEqualTo(true));
        assertThat(sim.await(abort)).isEqualTo(new Aborted(null, true));
        assertGoesOn(sim);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBatchThatWaitsForItsRetryFailsWithTheAbort(int level) {
        SimulatedTransactionalProducer sim = at(level);
        sim.begin();
        sim.sendAlone(0, "first");
        sim.loop.advance(SECOND);
        sim.cluster.failNext(TOPIC, 0, ErrorCode.NOT_ENOUGH_REPLICAS);
        Sent waiting = sim.sendAlone(0, "waiting");
        sim.loop.advance(Duration.ofMillis(50));
        Sent behind = sim.sendAlone(0, "behind");
        assertThat(sim.abort()).isEqualTo(new Aborted(null, true));
        assertThat(waiting.failure()).hasMessageContaining("attempts=1 last=NOT_ENOUGH_REPLICAS");
        assertThat(behind.failure()).hasMessageContaining("transaction aborted");
        assertThat(sim.completed).endsWith(waiting, behind);
        assertGoesOn(sim);
    }

    @Test
    @Tag("row-96")
    void aRecordThatCannotBeSerializedFailsTheTransactionBeforeItIsTold() {
        SimulatedTransactionalProducer sim = at(2);
        sim.begin();
        Sent bad = sim.send(0, UNSPEAKABLE);
        assertThat(sim.producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
        Sent late = sim.send(0, "late");
        CompletableFuture<?> plain = sim.producer.send(new ProducerRecord<>(TOPIC, "later still"));
        assertThat(plain).isCompletedExceptionally();
        sim.loop.runReady();
        assertThat(bad.toldWhileOpen).isFalse();
        assertThat(late.failure()).isSameAs(bad.failure());
        assertThat(causeOf(sim.commit())).isSameAs(bad.failure());
        assertThat(sim.cluster.produceCalls()).isEmpty();
        assertThat(sim.cluster.coordinators().calls(ApiKey.END_TXN)).isEmpty();
        assertGoesOn(sim);
        assertThat(sim.close(Duration.ofSeconds(10), Duration.ZERO)).isEqualTo(new CloseReport(4, 1, 3, List.of()));
    }

    @Test
    void interceptorsHearOfRecordsThatCameTooLate() {
        List<String> heard = new ArrayList<>();
        ProducerInterceptor<String, String> interceptor = new ProducerInterceptor<>() {
            @Override
            public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
                heard.add("sent " + record.value());
                return record;
            }

            @Override
            public void onAcknowledgement(
                    RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
                heard.add(failure == null ? "delivered" : "failed");
            }
        };
        SimulatedTransactionalProducer sim =
                new SimulatedTransactionalProducer(2, 1, config -> config, List.of(interceptor));
        sim.cluster.topic(TOPIC, 1, 1);
        sim.await(sim.producer.initAsync());
        sim.begin();
        sim.send(0, UNSPEAKABLE);
        Sent late = sim.send(0, "late");
        assertThat(sim.producer.send(new ProducerRecord<>(TOPIC, "no callback")))
                .as("at once")
                .isCompletedExceptionally();
        sim.loop.runReady();
        assertThat(late.calls).isEqualTo(1);
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "sent " + UNSPEAKABLE, "sent late", "sent no callback", "failed", "failed", "failed");
        assertThat(sim.abort()).isEqualTo(new Aborted(null, true));
    }

    @Test
    @Tag("row-96")
    void bufferMemoryThatRunsOutAborts() {
        SimulatedTransactionalProducer sim =
                SimulatedTransactionalProducer.at(2, 1, config -> config.bufferMemory(8 << 10)
                        .maxRequestSize(8 << 10)
                        .batchSize(1000));
        hold(sim);
        sim.begin();
        List<Sent> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add(sim.send(0, "x".repeat(3000)));
        }
        assertThat(sim.producer.trySend(new ProducerRecord<>(TOPIC, 0, null, "x".repeat(3000))))
                .as("refused, but only in the words of the transaction")
                .isNotNull();
        assertThat(sim.producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
        sim.loop.runReady();
        assertThat(records)
                .anySatisfy(record -> assertThat(record.failure()).hasMessageStartingWith("buffer exhausted"));
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.cluster.produceCalls().forEach(ProduceCall::appendAndAnswer);
        assertThat(causeOf(sim.commit())).hasMessageStartingWith("buffer exhausted");
        assertGoesOn(sim);
    }

    @Test
    void aTopicThatNeverAppearsAborts() {
        SimulatedTransactionalProducer sim =
                SimulatedTransactionalProducer.at(1, 1, config -> config.maxBlock(Duration.ofSeconds(3)));
        sim.begin();
        sim.send(0, "kept out");
        Sent homeless = sim.send("no-such-topic", null, "homeless");
        sim.loop.advance(Duration.ofSeconds(4));
        assertThat(homeless.failure()).hasMessageStartingWith("topic not available within 3000 ms");
        assertThat(homeless.toldWhileOpen).isFalse();
        assertThat(causeOf(sim.commit())).isSameAs(homeless.failure());
        assertGoesOn(sim);
    }

    @Test
    @Tag("row-111")
    void closeAbortsWhatIsOpenAndWithoutTimeLeavesItToTheCoordinator() {
        SimulatedTransactionalProducer open = at(2);
        open.begin();
        open.sendAlone(0, "sent");
        open.loop.advance(SECOND);
        assertThat(open.close(Duration.ofSeconds(10), Duration.ofMillis(1)).isComplete())
                .isTrue();
        assertThat(open.producer.state()).isEqualTo(TransactionState.CLOSED);
        assertThat(open.cluster.coordinators().calls(ApiKey.END_TXN)).hasSize(1);
        assertThat(open.released).isTrue();

        SimulatedTransactionalProducer hasty = at(2);
        hasty.begin();
        hasty.sendAlone(0, "sent");
        hasty.loop.advance(SECOND);
        CloseReport report = hasty.close(Duration.ZERO, Duration.ZERO);
        assertThat(report.delivered()).isEqualTo(1);
        assertThat(hasty.cluster.coordinators().calls(ApiKey.END_TXN)).isEmpty();
        assertThat(hasty.producer.state()).isEqualTo(TransactionState.CLOSED);
        assertThatThrownBy(() -> hasty.send(0, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("producer is closed");
        assertThat(hasty.producer.commitAsync()).isCompletedExceptionally();
        assertThat(hasty.close(Duration.ZERO, Duration.ZERO)).isEqualTo(report);
    }
}
