package dev.millrace.samples.orders.publish;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Every record says where it comes from. */
@Component
public class OriginInterceptor implements ProducerInterceptor<String, Object> {

    private final String origin;

    OriginInterceptor(@Value("${shop.origin}") String origin) {
        this.origin = origin;
    }

    @Override
    public ProducerRecord<String, Object> onSend(ProducerRecord<String, Object> record) {
        return record.withHeaders(record.headers().with("origin", origin));
    }
}
