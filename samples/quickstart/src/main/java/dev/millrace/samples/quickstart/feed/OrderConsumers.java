package dev.millrace.samples.quickstart.feed;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.stereotype.Component;

/** Opens reference consumers on the cluster the producer uses. */
@Component
public class OrderConsumers {
    private final ProducerConnectionDetails connection;

    OrderConsumers(ProducerConnectionDetails connection) {
        this.connection = connection;
    }

    /**
     * A consumer that begins with the oldest record. The caller closes it.
     *
     * @param groupId the group whose offsets it uses, if it subscribes
     */
    public KafkaConsumer<String, byte[]> open(String groupId) {
        return new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getBootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                groupId,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // How soon a topic is found that the first order creates.
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                1_000,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
    }
}
