package dev.millrace.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Producers of kafka-clients, impatient enough for tests. */
final class ReferenceProducers {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private ReferenceProducers() {}

    static KafkaProducer<String, String> open(FakeCluster cluster) {
        return open(cluster, Map.of());
    }

    static KafkaProducer<String, String> open(FakeCluster cluster, Map<String, Object> overrides) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "reference");
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        config.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 20);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 10);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 20);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5000);
        config.putAll(overrides);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static RecordMetadata await(Future<RecordMetadata> sent)
            throws ExecutionException, InterruptedException, TimeoutException {
        return sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
