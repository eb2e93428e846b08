package dev.millrace.samples.orders.order;

import java.util.List;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Issues invoices, all of a run or none. */
@Service
@SuppressWarnings("FutureReturnValueIgnored") // what fails aborts the transaction
public class InvoiceRun {

    private static final String TOPIC = "invoices";

    private final KafkaTemplate<String, Object> template;

    InvoiceRun(KafkaTemplate<String, Object> template) {
        this.template = template;
    }

    /** In a transaction of Kafka's only. */
    @Transactional("kafkaTransactionManager")
    public void issue(List<OrderPlaced> orders) {
        for (OrderPlaced order : orders) {
            if (order.cents() == 0) {
                throw new IllegalArgumentException("order " + order.number() + " has no price");
            }
            template.send(TOPIC, order.customer(), new InvoiceIssued(order.number(), order.customer(), order.cents()));
        }
    }

    /** In a transaction of its own, whatever the caller is in. Returns how many invoices there are. */
    public int issueAtOnce(List<OrderPlaced> orders) {
        Integer issued = template.executeInTransaction(operations -> {
            for (OrderPlaced order : orders) {
                operations.send(
                        TOPIC, order.customer(), new InvoiceIssued(order.number(), order.customer(), order.cents()));
            }
            return orders.size();
        });
        return issued == null ? 0 : issued;
    }
}
