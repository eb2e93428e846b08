package dev.millrace.samples.orders.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/** Who did what, as bytes and by a producer with settings of its own. */
@Component
public class AuditLog {

    private final KafkaTemplate<String, byte[]> template;

    AuditLog(@Qualifier("auditTemplate") KafkaTemplate<String, byte[]> template) {
        this.template = template;
    }

    /** Done when the log has it. */
    public CompletableFuture<?> log(String who, String what) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>("audit", who, what.getBytes(UTF_8));
        record.headers().add("format", "text/plain".getBytes(UTF_8));
        return template.send(record);
    }
}
