package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.Producer;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.TransactionRequiredForSendException;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.transaction.annotation.Transactional;

/** What an application sends with the properties of transactions, in a cluster that keeps transactions apart. */
@Timeout(60)
class TransactionalSendsTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ProducerAutoConfiguration.class,
                    ProducerTransactionAutoConfiguration.class,
                    TransactionAutoConfiguration.class))
            .withPropertyValues(
                    "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                    "app.producer.transaction.id-prefix=orders-",
                    "app.producer.transaction.instance-id=a")
            .withUserConfiguration(Shop.class);

    private final ApplicationContextRunner withDatabase = runner.withConfiguration(AutoConfigurations.of(
            DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class));

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void commitsWhatAMethodSentAndAbortsWhatOneThatFailedDid() {
        for (ApplicationContextRunner either : List.of(runner, withDatabase)) {
            cluster.recreateTopic("orders");
            either.run(context -> {
                Shop shop = context.getBean(Shop.class);

                shop.place("first");
                assertThatIllegalArgumentException().isThrownBy(() -> shop.placeAndFail("second"));
                shop.place("third");

                assertThat(cluster.committedRecords("orders"))
                        .extracting(FakeRecord::valueText)
                        .containsExactly("first", "third");
            });
        }
    }

    @Test
    void usesTheIdsThatWerePrinted() {
        runner.run(context -> {
            context.getBean(Shop.class).placeButWait("first", () -> {
                assertThat(cluster.hasOpenTransaction("orders-a-0")).isTrue();
                assertThat(cluster.hasOpenTransaction("orders-a-1")).isFalse();
            });
            context.getBean(Shop.class)
                    .placeButWait("second", () -> assertThat(cluster.hasOpenTransaction("orders-a-0"))
                            .isTrue());
        });
    }

    @Test
    void sendsWithoutATransactionOnlyIfAllowed() {
        runner.run(context -> assertThatExceptionOfType(TransactionRequiredForSendException.class)
                .isThrownBy(() -> template(context).send("orders", "refused")));
        runner.withPropertyValues("app.producer.template.allow-non-transactional=true")
                .run(context -> {
                    template(context).send("orders", "allowed").join();

                    assertThat(cluster.committedRecords("orders"))
                            .extracting(FakeRecord::valueText)
                            .containsExactly("allowed");
                });
    }

    @Test
    void needsNoTransactionManager() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class))
                .withPropertyValues(
                        "app.producer.bootstrap-servers=" + cluster.bootstrapServers(),
                        "app.producer.transaction.id-prefix=orders-")
                .run(context -> {
                    String result = template(context).executeInTransaction(operations -> {
                        operations.send("orders", "local").join();
                        return "done";
                    });

                    assertThat(result).isEqualTo("done");
                    assertThat(cluster.committedRecords("orders")).hasSize(1);
                });
    }

    @Test
    void warnsOfNothingThatNobodySet() {
        try (CapturedLog log = CapturedLog.of(Producer.class)) {
            runner.run(context -> context.getBean(Shop.class).place("any"));
            assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
        }
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static ProducerTemplate<String, String> template(AssertableApplicationContext context) {
        return context.getBean(ProducerTemplate.class);
    }

    static class Shop {

        private final ProducerTemplate<String, String> template;

        Shop(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @Transactional
        public void place(String order) {
            send(order);
        }

        @Transactional
        public void placeAndFail(String order) {
            send(order);
            throw new IllegalArgumentException(order);
        }

        @Transactional
        public void placeButWait(String order, Runnable beforeTheEnd) {
            template.send("orders", order).join();
            beforeTheEnd.run();
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the transaction
        private void send(String order) {
            template.send("orders", order);
        }
    }
}
