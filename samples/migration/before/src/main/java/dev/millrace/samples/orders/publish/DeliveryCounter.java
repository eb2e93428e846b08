package dev.millrace.samples.orders.publish;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.stereotype.Component;

/** Counts, and logs what is lost. In place of the listener that logs it with key and value. */
@Component
public class DeliveryCounter implements ProducerListener<Object, Object> {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryCounter.class);

    private final AtomicInteger delivered = new AtomicInteger();

    @Override
    public void onSuccess(ProducerRecord<Object, Object> record, RecordMetadata metadata) {
        delivered.incrementAndGet();
    }

    @Override
    public void onError(
            ProducerRecord<Object, Object> record, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
        LOGGER.warn("a record for {} is lost", record.topic(), failure);
    }

    /** Records that the cluster has, those of aborted transactions included. */
    public int delivered() {
        return delivered.get();
    }
}
