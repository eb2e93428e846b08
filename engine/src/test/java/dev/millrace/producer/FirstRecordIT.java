package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@WithDevCluster
class FirstRecordIT {

    @Test
    void deliversRecords(DevCluster cluster) throws Exception {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers())
                .build();
        try (Producer<String, String> producer = Producers.open(config, Serializers.string(), Serializers.string())) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                futures.add(producer.send(new ProducerRecord<>("first", "key-" + i, "value-" + i)));
            }
            for (CompletableFuture<RecordMetadata> future : futures) {
                assertThat(future.get(20, TimeUnit.SECONDS).hasOffset()).isTrue();
            }
            CloseReport report = producer.close(Duration.ofSeconds(10));
            assertThat(report.delivered()).isEqualTo(10_000);
        }
    }
}
