package dev.millrace.samples.kitchen;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.spring.ProducerTemplate;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Cooks each order once: the meal and the listener's progress are committed together. */
@Component
@SuppressWarnings("FutureReturnValueIgnored") // what fails aborts the transaction
class Kitchen {

    private final ProducerTemplate<String, String> template;

    Kitchen(ProducerTemplate<String, String> template) {
        this.template = template;
    }

    @KafkaListener(topics = "orders", groupId = "kitchen")
    void cook(ConsumerRecord<String, String> order, Consumer<?, ?> consumer) {
        template.executeInTransaction(operations -> {
            operations.send("meals", order.key(), "cooked " + order.value());
            operations.sendOffsetsToTransaction(
                    Map.of(
                            new TopicPartition(order.topic(), order.partition()),
                            new OffsetAndMetadata(order.offset() + 1)),
                    groupOf(consumer));
            return order;
        });
    }

    private static ConsumerGroupMetadata groupOf(Consumer<?, ?> consumer) {
        org.apache.kafka.clients.consumer.ConsumerGroupMetadata group = consumer.groupMetadata();
        return new ConsumerGroupMetadata(
                group.groupId(),
                group.generationId(),
                group.memberId(),
                group.groupInstanceId().orElse(null));
    }
}
