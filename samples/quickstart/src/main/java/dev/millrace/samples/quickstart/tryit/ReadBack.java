package dev.millrace.samples.quickstart.tryit;

import dev.millrace.samples.quickstart.feed.OrderConsumers;
import dev.millrace.samples.quickstart.shop.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads a topic from its beginning to its end with the reference consumer. */
@Component
@Profile("try-it")
class ReadBack {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OrderConsumers consumers;
    private final JsonMapper json;

    ReadBack(OrderConsumers consumers, JsonMapper json) {
        this.consumers = consumers;
        this.json = json;
    }

    /**
     * All orders of the topic. Stops early, and so shows the rest as missing, if nothing comes for 20 s.
     *
     * @param sent tells how far the log must reach at least: a new leader may know its end a little later
     */
    List<ReadOrder> read(String topic, List<SentOrder> sent) {
        try (KafkaConsumer<String, byte[]> consumer = consumers.open(topic)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            for (SentOrder order : sent) {
                Place place = order.acknowledged();
                if (place != null) {
                    ends.merge(new TopicPartition(topic, place.partition()), place.offset() + 1, Math::max);
                }
            }
            return readTo(ends, consumer);
        }
    }

    private List<ReadOrder> readTo(Map<TopicPartition, Long> ends, KafkaConsumer<String, byte[]> consumer) {
        List<ReadOrder> orders = new ArrayList<>();
        long lastNewsNanos = System.nanoTime();
        while (!isAt(ends, consumer) && System.nanoTime() - lastNewsNanos < PATIENCE.toNanos()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                orders.add(toOrder(record));
                lastNewsNanos = System.nanoTime();
            }
        }
        return orders;
    }

    private static boolean isAt(Map<TopicPartition, Long> ends, KafkaConsumer<String, byte[]> consumer) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private ReadOrder toOrder(ConsumerRecord<String, byte[]> record) {
        Order order = json.readValue(record.value(), Order.class);
        return new ReadOrder(Long.parseLong(order.id()), new Place(record.partition(), record.offset()));
    }
}
