package dev.millrace.testkit.spring.guide;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.spring.SendFailedException;
import dev.millrace.testkit.Api;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.Fault;
import dev.millrace.testkit.SentRecord;
import dev.millrace.testkit.spring.AutoConfigureFakeCluster;
import dev.millrace.testkit.spring.shop.OrderService;
import dev.millrace.testkit.spring.shop.ShopApplication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(classes = ShopApplication.class) // is in another package here
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // as on the page
@SpringBootTest
@AutoConfigureFakeCluster(
        topics = {"orders:3", "audit"},
        nodes = 2)
class ShopGuideTest {

    @Autowired
    OrderService orders;

    @Autowired
    FakeCluster cluster;

    @Test
    void asserts() {
        orders.place("order-17").join();
        orders.place("order-18").join();

        assertThat(cluster)
                .hasNothingIn("audit")
                .topic("orders")
                .hasRecords(2)
                .hasRecord("order-18", "placed")
                .withKey("order-17")
                .hasValuesInOrder("placed")
                .record(0)
                .doesNotHaveHeader("source");

        assertThat(cluster)
                .topic("orders", key -> new String(key, UTF_8), value -> value.length)
                .hasValues(6, 6);

        assertThat(cluster)
                .topic("orders")
                .records()
                .extracting(SentRecord::offset)
                .contains(0L);
    }

    @Test
    void waits() {
        CompletableFuture.runAsync(() -> orders.place("order-17"));

        assertThat(cluster)
                .receives("orders", 1, Duration.ofSeconds(5))
                .topic("orders")
                .hasRecords(1);
    }

    @Test
    void lastsOutABrokerThatFails() {
        cluster.inject(
                Fault.fail(ErrorCode.NOT_ENOUGH_REPLICAS).onTopic("orders").times(2));
        cluster.inject(Fault.dropAfterAppend().onTopic("orders"));
        cluster.inject(Fault.delay(Duration.ofMillis(50)).onApi(Api.METADATA));

        orders.place("order-17").join();

        assertThat(cluster).topic("orders").hasRecords(1);
    }

    @Test
    void tellsWhatIsRefused() {
        cluster.failNext("orders", ErrorCode.INVALID_RECORD);

        assertThatThrownBy(() -> orders.place("order-17").join()).hasCauseInstanceOf(SendFailedException.class);
    }

    @Test
    void readsBack() {
        orders.place("order-17").join();
        int partition = cluster.records("orders", 0).isEmpty()
                ? cluster.records("orders", 1).isEmpty() ? 2 : 1
                : 0;

        Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("orders", partition)));
            consumer.seekToBeginning(consumer.assignment());
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(10))) {
                assertThat(record.value()).isEqualTo("placed");
            }
            assertThat(consumer.position(new TopicPartition("orders", partition)))
                    .isGreaterThan(0);
        }
    }
}
