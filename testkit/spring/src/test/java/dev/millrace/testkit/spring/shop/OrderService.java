package dev.millrace.testkit.spring.shop;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;

/** What is under test: it sends. */
@Service
public class OrderService {

    private final ProducerTemplate<String, String> template;

    /** With the application's template. */
    public OrderService(ProducerTemplate<String, String> template) {
        this.template = template;
    }

    /** Tells that an order was placed. */
    public CompletableFuture<SendResult<String, String>> place(String order) {
        return template.send("orders", order, "placed");
    }
}
