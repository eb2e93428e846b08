package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users let go wrong, as a producer sees it. */
@Timeout(60)
class FaultTest {

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 2).topic("audit", 1).start();
    private final Producer<String, String> producer = Producers.builder(
                    ProducerConfig.builder()
                            .bootstrapServers(cluster.bootstrapServers())
                            .retryBackoff(Duration.ofMillis(5))
                            .build(),
                    Serializers.string(),
                    Serializers.string())
            .open();

    @AfterEach
    void close() {
        producer.close(Duration.ZERO);
        cluster.close();
    }

    private CompletableFuture<RecordMetadata> send(String topic, int partition) {
        return producer.send(new ProducerRecord<>(topic, partition, "k", "v"));
    }

    private void deliver(String topic, int partition) throws Exception {
        send(topic, partition).get(30, TimeUnit.SECONDS);
    }

    private long produceRequests() {
        return cluster.requests(Api.PRODUCE).size();
    }

    @Test
    void failsSoOftenAndOnlyThatTopic() throws Exception {
        cluster.inject(
                Fault.fail(ErrorCode.NOT_ENOUGH_REPLICAS).onTopic("orders").times(3));

        deliver("audit", 0);
        assertThat(produceRequests()).isEqualTo(1);
        deliver("orders", 1);

        assertThat(produceRequests()).isEqualTo(1 + 3 + 1);
        assertThat(cluster.records("orders")).hasSize(1);
    }

    @Test
    void failsOnlyThatPartition() throws Exception {
        cluster.inject(Fault.fail(ErrorCode.INVALID_RECORD).onPartition("orders", 1));

        deliver("orders", 0);
        assertThat(send("orders", 1)).failsWithin(Duration.ofSeconds(30));

        assertThat(cluster.records("orders")).hasSize(1);
    }

    @Test
    void goesOnUntilCleared() throws Exception {
        cluster.inject(Fault.fail(ErrorCode.INVALID_RECORD).untilCleared());
        assertThat(send("orders", 0)).failsWithin(Duration.ofSeconds(30));
        assertThat(send("orders", 0)).failsWithin(Duration.ofSeconds(30));

        cluster.clearFaults();

        deliver("orders", 0);
    }

    @Test
    void failsAfterTheAppendWithoutDoublingTheRecord() throws Exception {
        cluster.inject(Fault.failAfterAppend(ErrorCode.REQUEST_TIMED_OUT).onTopic("orders"));

        deliver("orders", 0);

        assertThat(produceRequests()).isEqualTo(2);
        assertThat(cluster.records("orders")).hasSize(1);
    }

    @Test
    void dropsTheConnectionBeforeAndAfterTheAppend() throws Exception {
        deliver("audit", 0); // so that later requests come on a connection that stands
        cluster.clearRequests();
        cluster.dropNext("orders");
        deliver("orders", 0);
        assertThat(cluster.requests(Api.PRODUCE))
                .extracting(FakeRequest::connection)
                .doesNotHaveDuplicates()
                .hasSize(2);

        cluster.clearRequests();
        cluster.dropNextAfterAppend("orders");
        deliver("orders", 0);

        assertThat(cluster.requests(Api.PRODUCE))
                .extracting(FakeRequest::connection)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(cluster.records("orders")).hasSize(2);
    }

    @Test
    void appendsNothingWhereItDropsBefore() {
        cluster.inject(Fault.drop().onTopic("orders").untilCleared());
        CompletableFuture<RecordMetadata> dropped = send("orders", 0);
        cluster.awaitRequests(Api.PRODUCE, 2, Duration.ofSeconds(30));

        assertThat(dropped).isNotDone();
        assertThat(cluster.records("orders")).isEmpty();
    }

    @Test
    void appendsAtOnceWhereItDelaysTheAnswer() {
        cluster.delay(Duration.ofMinutes(5));

        CompletableFuture<RecordMetadata> delayed = send("orders", 0);
        cluster.awaitRecords("orders", 1, Duration.ofSeconds(30));

        assertThat(delayed).isNotDone();
    }

    @Test
    void delaysForAsLongAsItIsTold() throws Exception {
        Duration delay = Duration.ofMillis(250);
        cluster.inject(Fault.delay(delay).onTopic("orders"));
        long before = System.nanoTime();

        deliver("orders", 0);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(delay);
    }

    @Test
    void resetsAnswersThatAreHeldBack() throws Exception {
        cluster.delay(Duration.ofMinutes(5));
        CompletableFuture<RecordMetadata> delayed = send("orders", 0);
        cluster.awaitRecords("orders", 1, Duration.ofSeconds(30));

        cluster.reset();

        assertThat(delayed.get(30, TimeUnit.SECONDS).offset()).isZero(); // asked for again on another connection
        assertThat(cluster.records("orders")).isEmpty();
    }

    @Test
    void failsOtherApis() throws Exception {
        cluster.inject(Fault.fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
                .onApi(Api.INIT_PRODUCER_ID)
                .times(2));

        deliver("orders", 0);

        assertThat(cluster.requests(Api.INIT_PRODUCER_ID)).hasSize(3);
    }

    @Test
    void concernsTheNodeItNames() throws Exception {
        try (FakeCluster two = FakeCluster.builder().nodes(2).topic("orders", 2).start();
                Producer<String, String> sender = Producers.builder(
                                ProducerConfig.builder()
                                        .bootstrapServers(two.bootstrapServers())
                                        .build(),
                                Serializers.string(),
                                Serializers.string())
                        .open()) {
            two.inject(Fault.fail(ErrorCode.INVALID_RECORD).onNode(1).untilCleared());

            sender.send(new ProducerRecord<>("orders", 0, "k", "v")).get(30, TimeUnit.SECONDS);
            assertThat(sender.send(new ProducerRecord<>("orders", 1, "k", "v"))).failsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.fail(ErrorCode.NOT_CONTROLLER).onApi(Api.METADATA))
                .withMessageContaining("setTopicError");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.drop().onTopic("orders").onApi(Api.METADATA));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.drop().times(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.delay(Duration.ofMillis(-1)));
    }

    @Test
    void resetsWhatATestLeaves() throws Exception {
        deliver("orders", 0);
        deliver("orders", 1);
        cluster.setTopicError("orders", ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        cluster.inject(Fault.drop().untilCleared());
        cluster.removeLeader("orders", 0);
        cluster.pauseNode(0);
        cluster.stopNode(0);

        cluster.reset();

        assertThat(cluster.records("orders")).isEmpty();
        assertThat(cluster.requests(Api.PRODUCE)).isEmpty(); // others come at once: connections were closed
        RecordMetadata next = send("orders", 0).get(30, TimeUnit.SECONDS);
        assertThat(next.offset()).isEqualTo(1); // offsets go on
        assertThat(cluster.records("orders")).extracting(FakeRecord::offset).isEqualTo(List.of(1L));
    }
}
