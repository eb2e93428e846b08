package dev.millrace.testkit.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.autoconfigure.ProducerAutoConfiguration;
import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.shop.Kitchen;
import dev.millrace.testkit.spring.shop.OrderService;
import dev.millrace.testkit.spring.shop.ShopApplication;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.AnnotationConfigContextLoader;

/** The whole application, whose properties mean a cluster that is secured and elsewhere. */
@SpringBootTest(
        classes = {ShopApplication.class, AutoConfigureFakeClusterTest.Elsewhere.class},
        properties = {
            "app.producer.bootstrap-servers=127.0.0.1:1",
            "app.producer.security.protocol=SASL_SSL",
            "app.producer.ssl.bundle=of-production",
            "app.producer.sasl.mechanism=SCRAM-SHA-512",
            "app.producer.sasl.username=shop",
            "app.producer.sasl.password=secret",
            "app.producer.instance.audit-log.bootstrap-servers=127.0.0.1:2",
            "app.producer.instance.audit-log.security.protocol=SASL_PLAINTEXT",
            "app.producer.instance.audit-log.sasl.mechanism=PLAIN",
            "app.producer.instance.audit-log.sasl.username=audit",
            "app.producer.instance.audit-log.sasl.password=secret",
        })
@AutoConfigureFakeCluster(
        topics = {"orders : 2", "audit"},
        nodes = 2)
@Timeout(60)
class AutoConfigureFakeClusterTest {

    @TestConfiguration
    static class Elsewhere {

        @Bean
        ProducerConnectionDetails detailsOfTheApplication() {
            return () -> List.of("127.0.0.1:3");
        }
    }

    @Autowired
    FakeCluster cluster;

    @Test
    void hasTheWholeApplication(@Autowired OrderService orders, @Autowired Kitchen kitchen) throws Exception {
        orders.place("order-17").get(30, TimeUnit.SECONDS);

        assertThat(cluster.records("orders")).hasSize(1);
        assertThat(kitchen).isNotNull();
    }

    @Test
    void leadsNamedProducersThereToo(
            @Autowired @Qualifier("auditLogProducerTemplate") ProducerTemplate<String, String> audit) throws Exception {
        audit.send("audit", "login").get(30, TimeUnit.SECONDS);

        assertThat(cluster.records("audit")).hasSize(1);
    }

    @Test
    void hasTheTopicsAndNodesItNames() {
        assertThat(cluster.leader("orders", 1)).isEqualTo(1);
        assertThat(cluster.leader("audit", 0)).isZero();
    }

    @Test
    @SuppressWarnings({"unchecked", "FutureReturnValueIgnored"}) // delivered when the context closes
    void closesItBehindTheProducers() {
        FakeCluster closed;
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            new FakeClusterContextCustomizer(List.of("orders"), 1, true)
                    .customizeContext(
                            context,
                            new MergedContextConfiguration(
                                    getClass(), null, null, null, new AnnotationConfigContextLoader()));
            context.register(ProducerAutoConfiguration.class);
            context.refresh();
            closed = context.getBean(FakeCluster.class);
            ((ProducerTemplate<String, String>) context.getBean(ProducerTemplate.class)).send("orders", "last");
        }

        assertThat(closed.records("orders")).hasSize(1);
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> SocketChannel.open(closed.address(0)));
    }

    @Test
    void saysWhatATopicLooksLike() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeClusterStart.start(new String[] {"orders:many"}, 1, true))
                .withMessageContaining("orders:many")
                .withMessageContaining("orders:3");
    }

    @Test
    void sharesAContextByItsAttributes() {
        assertThat(new FakeClusterContextCustomizer(List.of("a:1"), 1, true))
                .isEqualTo(new FakeClusterContextCustomizer(List.of("a:1"), 1, true))
                .isNotEqualTo(new FakeClusterContextCustomizer(List.of("a:2"), 1, true));
    }
}
