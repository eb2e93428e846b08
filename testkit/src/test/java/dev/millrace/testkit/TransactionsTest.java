package dev.millrace.testkit;

import static dev.millrace.testkit.ReferenceProducers.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of the reference producer, in both protocols. */
@Timeout(60)
class TransactionsTest {

    private static final String ID = "orders-tx-0";

    private FakeCluster cluster = FakeCluster.builder().start();

    private void startCluster(int transactionVersion) {
        cluster.close();
        cluster = FakeCluster.builder()
                .nodes(3)
                .topic("orders", 3)
                .transactionVersion(transactionVersion)
                .start();
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void committedRecordsAreSeenAndAbortedOnesAreNot(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "committed 0")));
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>("orders", 1, "k", "committed 1"));
            assertThat(cluster.hasOpenTransaction(ID)).isTrue();
            assertThat(cluster.committedRecords("orders")).isEmpty();
            producer.commitTransaction();
            assertThat(values()).containsExactly("committed 0", "committed 1");

            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "aborted")));
            producer.abortTransaction();
            producer.beginTransaction();
            long offset = await(producer.send(new ProducerRecord<>("orders", 0, "k", "again")))
                    .offset();
            producer.commitTransaction();
            assertThat(offset).as("marks take offsets").isEqualTo(4);
        }
        assertThat(values()).containsExactly("committed 0", "again", "committed 1");
        assertThat(cluster.records("orders", 0))
                .extracting(FakeRecord::valueText)
                .containsExactly("committed 0", "aborted", "again");
        assertThat(cluster.requests(Api.ADD_PARTITIONS_TO_TXN).isEmpty()).isEqualTo(transactionVersion == 2);
        assertThat(cluster.refusals()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void offsetsAreCommittedWithTheRecords(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
            producer.sendOffsetsToTransaction(offsets(7), readers());
            assertThat(cluster.committedOffsets("readers")).isEmpty();
            producer.commitTransaction();
            assertThat(cluster.committedOffsets("readers")).isEqualTo(Map.of(new TopicPartition("orders", 2), 7L));

            producer.beginTransaction();
            producer.sendOffsetsToTransaction(offsets(8), readers());
            producer.abortTransaction();
            assertThat(cluster.committedOffsets("readers")).isEqualTo(Map.of(new TopicPartition("orders", 2), 7L));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void endWhoseAnswerIsLostIsAcceptedAgain(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            cluster.closeAfterNext(Api.END_TXN);
            for (int i = 0; i < 2; i++) {
                producer.beginTransaction();
                await(producer.send(new ProducerRecord<>("orders", 0, "k", "v" + i)));
                producer.commitTransaction();
            }
        }
        assertThat(cluster.requests(Api.END_TXN)).hasSize(3);
        assertThat(values()).containsExactly("v0", "v1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void newerProducerFencesAndAbortsTheOlderOne(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> older = open()) {
            older.beginTransaction();
            await(older.send(new ProducerRecord<>("orders", 0, "k", "of the older")));
            try (KafkaProducer<String, String> newer = open()) {
                newer.beginTransaction();
                await(newer.send(new ProducerRecord<>("orders", 0, "k", "of the newer")));
                newer.commitTransaction();
            }
            assertThatThrownBy(older::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
        assertThat(values()).containsExactly("of the newer");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void coordinatorIsFoundAgainWhenItsNodeStops(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            int coordinator = cluster.coordinator(ID);
            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", (coordinator + 1) % 3, "k", "v")));
            cluster.stopNode(coordinator);
            producer.commitTransaction();
            assertThat(cluster.coordinator(ID)).isNotEqualTo(coordinator);
        }
        assertThat(values()).containsExactly("v");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void scriptedErrorsAreAnswered(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        cluster.coordinatorError(Api.FIND_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE, 1);
        cluster.coordinatorError(Api.END_TXN, ErrorCode.CONCURRENT_TRANSACTIONS, 2);
        try (KafkaProducer<String, String> producer = open()) {
            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
            producer.commitTransaction();
        }
        assertThat(cluster.requests(Api.FIND_COORDINATOR)).hasSize(2);
        assertThat(cluster.requests(Api.END_TXN)).hasSize(3);
        assertThat(values()).containsExactly("v");
        assertThatThrownBy(() -> cluster.coordinatorError(Api.PRODUCE, ErrorCode.NOT_COORDINATOR, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void transactionMayTimeOut(int transactionVersion) throws Exception {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            assertThatThrownBy(() -> cluster.timeOutTransaction(ID)).isInstanceOf(IllegalArgumentException.class);
            producer.beginTransaction();
            await(producer.send(new ProducerRecord<>("orders", 0, "k", "v")));
            cluster.timeOutTransaction(ID);
            assertThatThrownBy(producer::commitTransaction)
                    .as("where each end has an epoch of its own, it is taken for a commit after an abort")
                    .isInstanceOf(
                            transactionVersion == 2 ? InvalidTxnStateException.class : ProducerFencedException.class);
        }
        assertThat(values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void transactionalIdMayBeForgotten(int transactionVersion) {
        startCluster(transactionVersion);
        try (KafkaProducer<String, String> producer = open()) {
            cluster.forgetTransactionalId(ID);
            producer.beginTransaction();
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>("orders", 0, "k", "v"));
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        }
    }

    private KafkaProducer<String, String> open() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ID);
        KafkaProducer<String, String> producer = ReferenceProducers.open(cluster, config);
        producer.initTransactions();
        return producer;
    }

    @SuppressWarnings("removal") // a consumer would be the other way to get one
    private static ConsumerGroupMetadata readers() {
        return new ConsumerGroupMetadata("readers");
    }

    private List<String> values() {
        return cluster.committedRecords("orders").stream()
                .map(FakeRecord::valueText)
                .map(String::valueOf)
                .toList();
    }

    private static Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> offsets(long offset) {
        return Map.of(new org.apache.kafka.common.TopicPartition("orders", 2), new OffsetAndMetadata(offset));
    }
}
