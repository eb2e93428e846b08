package dev.millrace.samples.observability.shop;

import dev.millrace.spring.ProducerTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Places orders; the trace of the request goes on in the record. */
@RestController
public class OrderController {
    /** Where orders go. */
    public static final String TOPIC = "orders";

    private final ProducerTemplate<String, String> template;

    OrderController(ProducerTemplate<String, String> template) {
        this.template = template;
    }

    /** Answers when the broker has the order. */
    @PostMapping("/orders/{customer}")
    CompletableFuture<String> place(@PathVariable String customer, @RequestBody String item) {
        return template.send(TOPIC, customer, item)
                .thenApply(result -> "order at offset " + result.metadata().offset());
    }
}
