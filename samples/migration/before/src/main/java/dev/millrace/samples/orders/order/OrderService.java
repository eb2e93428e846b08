package dev.millrace.samples.orders.order;

import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Places orders: a row and a record, or neither. */
@Service
@SuppressWarnings("FutureReturnValueIgnored") // what fails aborts the transaction
public class OrderService {

    static final String TOPIC = "orders";

    private final OrderTable table;
    private final KafkaTemplate<String, Object> template;

    OrderService(OrderTable table, KafkaTemplate<String, Object> template) {
        this.table = table;
        this.template = template;
    }

    /** The record is committed after the row. */
    @Transactional
    public OrderPlaced place(String customer, String item, long cents) {
        OrderPlaced order = table.insert(customer, item, cents);
        template.send(TOPIC, customer, order);
        if (cents > 100_000) {
            throw new OrderRefusedException(customer + " has no credit for " + item);
        }
        return order;
    }
}
