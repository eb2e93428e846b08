package dev.millrace.samples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.samples.orders.order.AuditLog;
import dev.millrace.samples.orders.order.InvoiceRun;
import dev.millrace.samples.orders.order.OrderPlaced;
import dev.millrace.samples.orders.order.OrderRefusedException;
import dev.millrace.samples.orders.order.OrderService;
import dev.millrace.samples.orders.order.OrderTable;
import dev.millrace.samples.orders.order.PriceBoard;
import dev.millrace.samples.orders.publish.DeliveryCounter;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;
import org.springframework.kafka.test.utils.KafkaTestUtils;
import org.springframework.test.annotation.DirtiesContext;

@SpringBootTest(properties = "spring.kafka.bootstrap-servers=${spring.embedded.kafka.brokers}")
@EmbeddedKafka(
        partitions = 1,
        topics = {"orders", "invoices", "prices", "audit"},
        brokerProperties = {"transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1"})
@DirtiesContext
class OrdersTest {

    private static final List<OrderPlaced> TWO_ORDERS =
            List.of(new OrderPlaced(1, "ada", "lamp", 4900), new OrderPlaced(2, "grace", "chair", 9900));

    private final EmbeddedKafkaBroker broker;
    private final TestObservationRegistry observations;

    OrdersTest(@Autowired EmbeddedKafkaBroker broker, @Autowired TestObservationRegistry observations) {
        this.broker = broker;
        this.observations = observations;
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Observations {

        @Bean
        TestObservationRegistry observationRegistry() {
            return TestObservationRegistry.create();
        }
    }

    @Test
    void storesAndPublishes(@Autowired OrderService service, @Autowired OrderTable table) {
        OrderPlaced order = service.place("ada", "lamp", 4900);

        assertThat(table.all()).contains(order);
        assertThat(records("orders", "ada")).singleElement().satisfies(record -> {
            assertThat(record.value())
                    .isEqualTo("{\"number\":%d,\"customer\":\"ada\",\"item\":\"lamp\",\"cents\":4900}", order.number());
            assertThat(header(record, "__TypeId__")).isEqualTo("order-placed");
            assertThat(header(record, "origin")).isEqualTo("orders");
        });
    }

    @Test
    void neitherStoresNorPublishesWhatItRefuses(@Autowired OrderService service, @Autowired OrderTable table) {
        assertThatExceptionOfType(OrderRefusedException.class)
                .isThrownBy(() -> service.place("alan", "yacht", 10_000_000));

        OrderPlaced next = service.place("alan", "lamp", 4900);
        assertThat(table.all()).contains(next).noneMatch(order -> order.item().equals("yacht"));
        assertThat(records("orders", "alan")).singleElement().satisfies(record -> assertThat(record.value())
                .contains("lamp"));
    }

    @Test
    void issuesAllInvoicesOrNone(@Autowired InvoiceRun run) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> run.issue(List.of(TWO_ORDERS.get(0), new OrderPlaced(3, "alan", "gift", 0))));
        run.issue(TWO_ORDERS);

        assertThat(run.issueAtOnce(TWO_ORDERS)).isEqualTo(2);
        assertThat(records("invoices", "ada")).hasSize(2);
        assertThat(records("invoices", "grace")).hasSize(2);
    }

    @Test
    void tellsOfPrices(@Autowired PriceBoard board, @Autowired DeliveryCounter counter) {
        int before = counter.delivered();

        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(20))
                .isEqualTo("lamp is at 0");

        assertThat(records("prices", "lamp")).singleElement().satisfies(record -> assertThat(record.value())
                .isEqualTo("{\"item\":\"lamp\",\"cents\":3900}"));
        assertThat(counter.delivered()).isEqualTo(before + 1);
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo("spring.kafka.template")
                .that()
                .hasLowCardinalityKeyValue("shop", "orders");
    }

    @Test
    void keepsALogAsBytes(@Autowired AuditLog log) {
        assertThat(log.log("ada", "signed in")).succeedsWithin(Duration.ofSeconds(20));

        assertThat(records("audit", "ada")).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo("signed in");
            assertThat(header(record, "format")).isEqualTo("text/plain");
        });
    }

    /** What consumers see that read committed records only. */
    private List<ConsumerRecord<String, String>> records(String topic, String key) {
        Map<String, Object> settings = KafkaTestUtils.consumerProps(broker, "of-" + topic + "-" + key, false);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        try (Consumer<String, String> consumer = new DefaultKafkaConsumerFactory<>(
                        settings, new StringDeserializer(), new StringDeserializer())
                .createConsumer()) {
            broker.consumeFromAnEmbeddedTopic(consumer, topic);
            Iterable<ConsumerRecord<String, String>> records =
                    KafkaTestUtils.getRecords(consumer).records(topic);
            return StreamSupport.stream(records.spliterator(), false)
                    .filter(record -> record.key().equals(key))
                    .toList();
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
