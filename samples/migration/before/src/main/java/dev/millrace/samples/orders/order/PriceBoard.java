package dev.millrace.samples.orders.order;

import java.util.concurrent.CompletableFuture;
import org.springframework.kafka.core.KafkaProducerException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.stereotype.Service;

/** Tells of prices, to the default topic and outside of transactions. */
@Service
public class PriceBoard {

    private final KafkaTemplate<String, Object> template;

    PriceBoard(KafkaTemplate<String, Object> template) {
        this.template = template;
    }

    /** What became of it, in words. */
    public CompletableFuture<String> change(String item, long cents) {
        CompletableFuture<SendResult<String, Object>> sent = template.sendDefault(item, new PriceChanged(item, cents));
        return sent.handle((result, failure) -> {
            if (failure instanceof KafkaProducerException notSent) {
                return "nobody knows the price of "
                        + notSent.getFailedProducerRecord().key();
            }
            return item + " is at " + result.getRecordMetadata().offset();
        });
    }
}
