package dev.millrace.samples.orders.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.spring.ProducerTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Who did what, as bytes and by a producer with settings of its own. */
@Component
public class AuditLog {

    private final ProducerTemplate<String, byte[]> template;

    AuditLog(@Qualifier("auditProducerTemplate") ProducerTemplate<String, byte[]> template) {
        this.template = template;
    }

    /** Done when the log has it. */
    public CompletableFuture<?> log(String who, String what) {
        return template.record("audit")
                .key(who)
                .value(what.getBytes(UTF_8))
                .header("format", "text/plain")
                .send();
    }
}
