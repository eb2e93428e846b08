package dev.millrace.testkit.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.shop.Journal;
import dev.millrace.testkit.spring.shop.OrderService;
import dev.millrace.testkit.spring.shop.ShopApplication;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ContextConfiguration;

/** A slice as an application has it. */
@ProducerTest(topics = "orders:3", properties = "app.producer.client-id=sliced")
@ContextConfiguration(classes = ShopApplication.class)
@Import(OrderService.class)
@Timeout(60)
class ProducerTestTest {

    @Autowired
    FakeCluster cluster;

    @Test
    void leadsTheApplicationToTheCluster(@Autowired OrderService orders) throws Exception {
        assertThat(cluster.recordCount("orders")).isZero();

        orders.place("order-17").get(30, TimeUnit.SECONDS);

        assertThat(cluster.records("orders")).hasSize(1);
        assertThat(cluster.requests()).allMatch(request -> "sliced".equals(request.clientId()));
    }

    @Test
    void isAsGoodAsNewForEachMethod(@Autowired OrderService orders) throws Exception {
        assertThat(cluster.recordCount("orders")).isZero(); // whichever of the two runs second

        orders.place("order-18").get(30, TimeUnit.SECONDS);

        assertThat(cluster.records("orders")).hasSize(1);
    }

    @Test
    void findsPlugInsByScanningAndNothingElse(@Autowired ApplicationContext context, @Autowired OrderService orders)
            throws Exception {
        orders.place("order-19").get(30, TimeUnit.SECONDS);

        assertThat(context.getBean(Journal.class).delivered).contains("placed");
        assertThat(context.getBeanProvider(dev.millrace.testkit.spring.shop.Kitchen.class)
                        .getIfAvailable())
                .isNull();
    }

    @Nested
    class Within {

        @Test
        void hasTheSameCluster(@Autowired FakeCluster same, @Autowired Environment environment) {
            assertThat(same).isSameAs(cluster);
            assertThat(environment.getProperty("app.producer.client-id")).isEqualTo("sliced");
        }
    }
}
