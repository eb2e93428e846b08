package dev.millrace.samples.orders.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Every record says where it comes from. Named in the properties, as the producer makes it. */
public class OriginInterceptor implements ProducerInterceptor<String, Object> {

    private String origin = "";

    @Override
    public void configure(Map<String, ?> settings) {
        origin = String.valueOf(settings.get("shop.origin"));
    }

    @Override
    public ProducerRecord<String, Object> onSend(ProducerRecord<String, Object> record) {
        record.headers().add("origin", origin.getBytes(UTF_8));
        return record;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {}

    @Override
    public void close() {}
}
