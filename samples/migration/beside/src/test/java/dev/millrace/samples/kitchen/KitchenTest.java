package dev.millrace.samples.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTransactionManager;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;
import org.springframework.kafka.test.utils.KafkaTestUtils;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.transaction.PlatformTransactionManager;

/** Both in one application, with one broker. */
@SpringBootTest(properties = "spring.kafka.bootstrap-servers=${spring.embedded.kafka.brokers}")
@EmbeddedKafka(
        partitions = 1,
        topics = {"orders", "meals"},
        brokerProperties = {"transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1"})
@DirtiesContext
@SuppressWarnings("FutureReturnValueIgnored") // what fails aborts the transaction
@Timeout(120)
class KitchenTest {

    private final EmbeddedKafkaBroker broker;

    KitchenTest(@Autowired EmbeddedKafkaBroker broker) {
        this.broker = broker;
    }

    @Test
    void cooksWhatItHearsOf(@Autowired ProducerTemplate<String, String> template) throws Exception {
        int told = template.executeInTransaction(operations -> {
            operations.send(new ProducerRecord<>("orders", "ada", "soup"));
            operations.send(new ProducerRecord<>("orders", "grace", "rice"));
            return 2;
        });

        try (Consumer<String, String> consumer = consumer()) {
            broker.consumeFromAnEmbeddedTopic(consumer, "meals");
            assertThat(KafkaTestUtils.getRecords(consumer, Duration.ofSeconds(60), told)
                            .records("meals"))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("cooked soup", "cooked rice");
            // behind the second order; the mark of the transaction's end may reach the group later than the meals
            await().untilAsserted(() -> assertThat(
                            KafkaTestUtils.getCurrentOffset(broker.getBrokersAsString(), "kitchen", "orders", 0))
                    .isNotNull()
                    .satisfies(offset -> assertThat(offset.offset()).isEqualTo(2)));
        }
    }

    @Test
    void hasTheBeansOfBoth(@Autowired ApplicationContext context) {
        assertThat(context.getBeanNamesForType(KafkaTemplate.class)).containsExactly("kafkaTemplate");
        assertThat(context.getBeanNamesForType(ProducerTemplate.class)).containsExactly("producerTemplate");
        assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(ProducerTransactionManager.class);
    }

    private Consumer<String, String> consumer() {
        Map<String, Object> settings = KafkaTestUtils.consumerProps(broker, "guests", false);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        return new DefaultKafkaConsumerFactory<>(settings, new StringDeserializer(), new StringDeserializer())
                .createConsumer();
    }
}
