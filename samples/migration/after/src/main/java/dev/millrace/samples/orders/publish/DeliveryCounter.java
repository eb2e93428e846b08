package dev.millrace.samples.orders.publish;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.ProducerListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts. What is lost is logged by another listener, which is there by itself. */
@Component
public class DeliveryCounter implements ProducerListener<Object, Object> {

    private final AtomicInteger delivered = new AtomicInteger();

    @Override
    public void onSuccess(ProducerRecord<Object, Object> record, RecordMetadata metadata) {
        delivered.incrementAndGet();
    }

    /** Records that the cluster has, those of aborted transactions included. */
    public int delivered() {
        return delivered.get();
    }
}
