package dev.millrace.samples.transactions.shop;

import dev.millrace.spring.ProducerOperationException;
import dev.millrace.spring.SynchronizedCommitException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Takes an order, tells what became of it, and repairs the broker. */
@Component
public class Shop {
    private final OrderService service;
    private final OrderTable table;
    private final CommittedRecords records;
    private final BrokerOutage outage;

    Shop(OrderService service, OrderTable table, CommittedRecords records, BrokerOutage outage) {
        this.service = service;
        this.table = table;
        this.records = records;
        this.outage = outage;
    }

    /** Places an order that ends so. */
    public Answer place(NewOrder order, Ending ending) {
        String told = told(order, ending);
        outage.end();
        return new Answer(told, books());
    }

    /** What there is. */
    public Answer.Books books() {
        return new Answer.Books(
                table.all(), records.values(OrderService.ORDERS), records.values(OrderService.PAYMENTS));
    }

    private String told(NewOrder order, Ending ending) {
        try {
            return "placed: order " + service.place(order, ending);
        } catch (OrderRefusedException refusal) {
            return "refused: " + refusal.getMessage();
        } catch (SynchronizedCommitException failure) {
            return "stored, but not published: " + failure.getMessage();
        } catch (ProducerOperationException | TransactionException failure) {
            return "not placed: " + failure.getMessage();
        }
    }
}
