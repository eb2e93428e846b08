package dev.millrace.samples.orders.order;

import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;

/** Tells of prices, to the default topic and outside of transactions. */
@Service
public class PriceBoard {

    private final ProducerTemplate<String, Object> template;

    PriceBoard(ProducerTemplate<String, Object> template) {
        this.template = template;
    }

    /** What became of it, in words. */
    public CompletableFuture<String> change(String item, long cents) {
        CompletableFuture<SendResult<String, Object>> sent = template.sendDefault(item, new PriceChanged(item, cents));
        return sent.handle((result, failure) -> {
            if (failure instanceof SendFailedException) {
                return "nobody knows the price of " + item;
            }
            return item + " is at " + result.metadata().offset();
        });
    }
}
