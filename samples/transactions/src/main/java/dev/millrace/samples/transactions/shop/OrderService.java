package dev.millrace.samples.transactions.shop;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places orders: one row and two records, or nothing. */
@Service
class OrderService {
    static final String ORDERS = "orders";
    static final String PAYMENTS = "payments";

    private final OrderTable table;
    private final ProducerTemplate<String, String> template;
    private final BrokerOutage outage;

    OrderService(OrderTable table, ProducerTemplate<String, String> template, BrokerOutage outage) {
        this.table = table;
        this.template = template;
        this.outage = outage;
    }

    /**
     * Runs in a transaction of the database, which the producer's joins with the first send. Nobody looks at the futures: a
     * record that fails rolls both back.
     */
    @Transactional
    public int place(NewOrder order, Ending ending) {
        int number = table.insert(order);
        if (ending == Ending.BROKER_DOWN) {
            outage.begin();
        }
        publish(ORDERS, order.customer(), Wording.order(number, order));
        publish(PAYMENTS, order.customer(), Wording.payment(number, order));
        if (ending == Ending.BUSINESS_FAILURE) {
            throw new OrderRefusedException(order.customer() + " has not paid the last order");
        }
        if (ending == Ending.BROKER_DOWN_BETWEEN_COMMITS) {
            outage.beginBetweenCommits();
        }
        return number;
    }

    private void publish(String topic, String key, String value) {
        CompletableFuture<SendResult<String, String>> unused = template.send(topic, key, value);
    }
}
