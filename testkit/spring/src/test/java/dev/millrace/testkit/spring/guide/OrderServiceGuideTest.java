package dev.millrace.testkit.spring.guide;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;

import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.ProducerTest;
import dev.millrace.testkit.spring.shop.OrderService;
import dev.millrace.testkit.spring.shop.ShopApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(classes = ShopApplication.class) // is in another package here
@Timeout(60)
@ProducerTest(topics = "orders:3")
@Import(OrderService.class)
class OrderServiceGuideTest {

    @Autowired
    OrderService orders;

    @Autowired
    FakeCluster cluster;

    @Test
    void tellsOfAnOrder() {
        orders.place("order-17").join();

        assertThat(cluster).topic("orders").singleRecord().hasKey("order-17").hasValue("placed");
    }
}
