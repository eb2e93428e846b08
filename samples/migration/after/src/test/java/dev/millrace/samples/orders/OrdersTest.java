package dev.millrace.samples.orders;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
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
import dev.millrace.testkit.spring.AutoConfigureFakeCluster;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

@SpringBootTest
@AutoConfigureFakeCluster(topics = {"orders", "invoices", "prices", "audit"})
class OrdersTest {

    private static final List<OrderPlaced> TWO_ORDERS =
            List.of(new OrderPlaced(1, "ada", "lamp", 4900), new OrderPlaced(2, "grace", "chair", 9900));

    private final FakeCluster cluster;
    private final TestObservationRegistry observations;

    OrdersTest(@Autowired FakeCluster cluster, @Autowired TestObservationRegistry observations) {
        this.cluster = cluster;
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
        assertThat(cluster)
                .committed()
                .topic("orders")
                .singleRecord()
                .hasKey("ada")
                .hasValue("{\"number\":%d,\"customer\":\"ada\",\"item\":\"lamp\",\"cents\":4900}"
                        .formatted(order.number()))
                .hasHeader("__TypeId__", "order-placed")
                .hasHeader("origin", "orders");
    }

    @Test
    void neitherStoresNorPublishesWhatItRefuses(@Autowired OrderService service, @Autowired OrderTable table) {
        assertThatExceptionOfType(OrderRefusedException.class)
                .isThrownBy(() -> service.place("alan", "yacht", 10_000_000));

        assertThat(table.all()).noneMatch(order -> order.item().equals("yacht"));
        assertThat(cluster).committed().hasNothingIn("orders");
    }

    @Test
    void issuesAllInvoicesOrNone(@Autowired InvoiceRun run) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> run.issue(List.of(TWO_ORDERS.get(0), new OrderPlaced(3, "alan", "gift", 0))));
        run.issue(TWO_ORDERS);

        assertThat(run.issueAtOnce(TWO_ORDERS)).isEqualTo(2);
        assertThat(cluster).committed().topic("invoices").hasKeys("ada", "grace", "ada", "grace");
    }

    @Test
    void tellsOfPrices(@Autowired PriceBoard board, @Autowired DeliveryCounter counter) {
        int before = counter.delivered();

        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(20))
                .isEqualTo("lamp is at 0");

        assertThat(cluster).topic("prices").hasRecord("lamp", "{\"item\":\"lamp\",\"cents\":3900}");
        assertThat(counter.delivered()).isEqualTo(before + 1);
        TestObservationRegistryAssert.assertThat(observations)
                .hasObservationWithNameEqualTo("app.producer.send")
                .that()
                .hasLowCardinalityKeyValue("shop", "orders");
    }

    @Test
    void keepsALogAsBytes(@Autowired AuditLog log) {
        assertThat(log.log("ada", "signed in")).succeedsWithin(Duration.ofSeconds(20));

        assertThat(cluster)
                .topic("audit")
                .singleRecord()
                .hasKey("ada")
                .hasValue("signed in")
                .hasHeader("format", "text/plain");
    }
}
