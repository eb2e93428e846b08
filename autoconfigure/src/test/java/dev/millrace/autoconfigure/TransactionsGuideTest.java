package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTransactional;
import dev.millrace.testkit.FakeCluster;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The Java of docs/guide/transactions.md, word for word and run. */
@Timeout(60)
class TransactionsGuideTest {

    private final FakeCluster cluster = FakeCluster.builder()
            .topic("orders", 1)
            .topic("invoices", 1)
            .topic("shipped", 1)
            .start();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as on the page
    static class Shop {

        private final ProducerTemplate<String, String> template;
        private final JdbcClient database;

        Shop(ProducerTemplate<String, String> template, JdbcClient database) {
            this.template = template;
            this.database = database;
        }

        int block() {
            int shipped = template.executeInTransaction(operations -> {
                operations.send("orders", "order-17", "shipped");
                operations.send("invoices", "order-17", "issued");
                return 2;
            });
            return shipped;
        }

        @ProducerTransactional
        void ship(String order) {
            template.send("orders", order, "shipped");
            template.send("invoices", order, "issued");
        }

        @Transactional
        void place(String order) {
            database.sql("insert into orders values (?)").param(order).update();
            template.send("orders", order, "placed");
        }

        void consumed(String order) {
            template.executeInTransaction(operations -> {
                operations.send("shipped", order, "by train");
                operations.sendOffsetsToTransaction(
                        Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(18)),
                        new ConsumerGroupMetadata("shipping"));
                return order;
            });
        }
    }

    @Test
    void commits() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ProducerAutoConfiguration.class,
                        ProducerTransactionAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        JdbcClientAutoConfiguration.class))
                .withPropertyValues(
                        "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                        "app.producer.transaction.id-prefix=orders-",
                        "app.producer.transaction.instance-id=a")
                .withBean(Shop.class)
                .run(context -> {
                    JdbcClient database = context.getBean(JdbcClient.class);
                    database.sql("create table orders (number varchar(40))").update();
                    Shop shop = context.getBean(Shop.class);

                    assertThat(shop.block()).isEqualTo(2);
                    shop.ship("order-18");
                    shop.place("order-19");
                    shop.consumed("order-20");

                    assertThat(cluster.committedRecords("orders"))
                            .extracting(record -> record.keyText() + " " + record.valueText())
                            .containsExactly("order-17 shipped", "order-18 shipped", "order-19 placed");
                    assertThat(cluster.committedRecords("invoices")).hasSize(2);
                    assertThat(database.sql("select number from orders")
                                    .query(String.class)
                                    .list())
                            .containsExactly("order-19");
                    assertThat(cluster.committedOffsets("shipping"))
                            .containsEntry(new TopicPartition("orders", 0), 18L);
                });
    }
}
