package dev.millrace.samples.observability.tryit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.samples.observability.shop.OrderController;
import dev.millrace.spring.DefaultProducerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Reads the headers of the first order with the reference consumer, as whoever goes on with the trace does. */
@Component
@Profile("try-it")
class RecordHeaders {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String bootstrapServers;

    RecordHeaders(DefaultProducerFactory<?, ?> factory) {
        this.bootstrapServers = factory.getConfig().bootstrapServers().stream()
                .map(Object::toString)
                .collect(Collectors.joining(","));
    }

    /** Keys and values; empty if there is no record in time. */
    Map<String, String> ofFirstOrder() {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(OrderController.TOPIC).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (ConsumerRecord<String, String> first : consumer.poll(PATIENCE)) {
                return StreamSupport.stream(first.headers().spliterator(), false)
                        .collect(Collectors.toMap(header -> header.key(), header -> new String(header.value(), UTF_8)));
            }
            return Map.of();
        }
    }
}
