package dev.millrace.testkit.spring;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.shop.ShopApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.annotation.Transactional;

/** Transactions in a slice are those of the application: annotations, properties, what is committed and what is not. */
@ProducerTest(topics = "orders", properties = "app.producer.transaction.id-prefix=shop-")
@ContextConfiguration(classes = {ShopApplication.class, TransactionalSliceTest.Ledger.class})
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // transactions take care of them
class TransactionalSliceTest {

    @Service
    static class Ledger {

        private final ProducerTemplate<String, String> template;

        Ledger(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @Transactional
        public void write(String value) {
            template.send("orders", value);
            template.flush();
            if (value.equals("wrong")) {
                throw new IllegalStateException("as the test wants it");
            }
        }
    }

    @Test
    void tellsCommittedFromRolledBack(@Autowired Ledger ledger, @Autowired FakeCluster cluster) {
        ledger.write("right");
        assertThatIllegalStateException().isThrownBy(() -> ledger.write("wrong"));

        assertThat(cluster).topic("orders").hasValuesInOrder("right", "wrong");
        assertThat(cluster).committed().topic("orders").hasValuesInOrder("right");
        assertThat(cluster.hasOpenTransaction("shop-0")).isFalse();
    }
}
