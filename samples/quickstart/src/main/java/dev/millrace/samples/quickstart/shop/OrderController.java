package dev.millrace.samples.quickstart.shop;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.ProducerTemplate;
import jakarta.validation.Valid;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Places orders. */
@RestController
class OrderController {
    private final ProducerTemplate<String, Order> template;
    private final String topic;

    OrderController(ProducerTemplate<String, Order> template, @Value("${quickstart.topic}") String topic) {
        this.template = template;
        this.topic = topic;
    }

    /** Answers when the broker has the order; no thread waits for that. Failures end in {@link OrderProblems}. */
    @PostMapping("/orders")
    CompletableFuture<ResponseEntity<PlacedOrder>> place(@Valid @RequestBody NewOrder request) {
        Order order = request.toOrder(UUID.randomUUID().toString());
        return template.send(topic, order.customer(), order).thenApply(result -> created(order, result.metadata()));
    }

    private static ResponseEntity<PlacedOrder> created(Order order, RecordMetadata place) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(new PlacedOrder(order.id(), place.topic(), place.partition(), place.offset()));
    }
}
