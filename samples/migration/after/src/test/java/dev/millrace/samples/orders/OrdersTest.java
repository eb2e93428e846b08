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
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(properties = "app.producer.compression.type=none")
class OrdersTest {

    private static final FakeCluster CLUSTER = FakeCluster.builder()
            .topic("orders", 1)
            .topic("invoices", 1)
            .topic("prices", 1)
            .topic("audit", 1)
            .start();
    private static final List<OrderPlaced> TWO_ORDERS =
            List.of(new OrderPlaced(1, "ada", "lamp", 4900), new OrderPlaced(2, "grace", "chair", 9900));

    private final TestObservationRegistry observations;

    OrdersTest(@Autowired TestObservationRegistry observations) {
        this.observations = observations;
    }

    @DynamicPropertySource
    static void cluster(DynamicPropertyRegistry registry) {
        registry.add("app.producer.bootstrap-servers", CLUSTER::bootstrapServers);
    }

    @AfterAll
    static void closeCluster() {
        CLUSTER.close();
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
            assertThat(record.valueText())
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
        assertThat(records("orders", "alan")).singleElement().satisfies(record -> assertThat(record.valueText())
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

        assertThat(records("prices", "lamp")).singleElement().satisfies(record -> assertThat(record.valueText())
                .isEqualTo("{\"item\":\"lamp\",\"cents\":3900}"));
        assertThat(counter.delivered()).isEqualTo(before + 1);
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasLowCardinalityKeyValue("shop", "orders");
    }

    @Test
    void keepsALogAsBytes(@Autowired AuditLog log) {
        assertThat(log.log("ada", "signed in")).succeedsWithin(Duration.ofSeconds(20));

        assertThat(records("audit", "ada")).singleElement().satisfies(record -> {
            assertThat(record.valueText()).isEqualTo("signed in");
            assertThat(header(record, "format")).isEqualTo("text/plain");
        });
    }

    /** What consumers see that read committed records only. */
    private static List<FakeRecord> records(String topic, String key) {
        return CLUSTER.committedRecords(topic).stream()
                .filter(record -> key.equals(record.keyText()))
                .toList();
    }

    private static String header(FakeRecord record, String name) {
        return new String(
                Objects.requireNonNull(
                        Objects.requireNonNull(record.headers().last(name)).value()),
                UTF_8);
    }
}
