package dev.millrace.producer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithDevCluster
class MissingPartitionIT {

    @Test
    @Tag("row-19")
    @Timeout(60)
    void aRecordForAMissingPartitionHoldsUpNoOther(DevCluster cluster) throws Exception {
        cluster.createTopic("one-partition", 1, 1, Map.of());
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .maxBlock(Duration.ofSeconds(20))
                .build();
        try (Producer<String, String> producer = Producers.open(config, Serializers.string(), Serializers.string())) {
            producer.partitionsFor("one-partition").get(20, SECONDS);
            CompletableFuture<RecordMetadata> missing =
                    producer.send(new ProducerRecord<>("one-partition", 7, "key", "nowhere"));

            RecordMetadata placed = producer.send(new ProducerRecord<>("one-partition", "value"))
                    .get(10, SECONDS);

            assertThat(placed.partition()).isZero();
            assertThat(missing).isNotDone();
            producer.close(Duration.ZERO);
            assertThat(missing).isCompletedExceptionally();
        }
    }
}
