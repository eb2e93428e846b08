package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionFailedException;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.serialization.Serializers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of the engine's own producer, as users test theirs. */
@Timeout(60)
class EngineTransactionsTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void commitsAbortsAndGoesOn(int transactionVersion) {
        try (FakeCluster cluster = FakeCluster.builder()
                        .nodes(2)
                        .topic("orders", 2)
                        .transactionVersion(transactionVersion)
                        .start();
                TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            producer.begin();
            send(producer, 0, "committed");
            producer.sendOffsets(Map.of(ORDERS, new OffsetAndMetadata(7)), new ConsumerGroupMetadata("readers"));
            cluster.closeAfterNext(Api.END_TXN);
            producer.commit();

            producer.begin();
            send(producer, 0, "aborted");
            producer.abort();

            producer.begin();
            cluster.failNext("orders", 0, ErrorCode.TOPIC_AUTHORIZATION_FAILED, 1);
            send(producer, 0, "refused");
            assertThatThrownBy(producer::commit).isInstanceOf(TransactionFailedException.class);

            producer.begin();
            send(producer, 1, "last");
            producer.commit();
            assertThat(cluster.committedRecords("orders"))
                    .extracting(FakeRecord::valueText)
                    .containsExactly("committed", "last");
            assertThat(cluster.committedOffsets("readers")).isEqualTo(Map.of(ORDERS, 7L));
            assertThat(cluster.refusals()).isEmpty();
        }
    }

    private static TransactionalProducer<String, String> open(FakeCluster cluster) {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .transactionalId("orders-tx-0")
                .build();
        return Producers.builder(config, Serializers.string(), Serializers.string())
                .openTransactional();
    }

    /** What becomes of the record the commit says. */
    private static void send(TransactionalProducer<String, String> producer, int partition, String value) {
        CompletableFuture<RecordMetadata> unused =
                producer.send(new ProducerRecord<>("orders", partition, null, value));
    }
}
