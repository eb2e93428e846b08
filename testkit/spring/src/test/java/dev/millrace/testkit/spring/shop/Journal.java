package dev.millrace.testkit.spring.shop;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.ProducerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** A plug-in of the producer, which slices find by scanning. */
@Component
public class Journal implements ProducerListener<String, String> {

    /** Values that were delivered. */
    public final List<String> delivered = new CopyOnWriteArrayList<>();

    @Override
    public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
        delivered.add(String.valueOf(record.value()));
    }
}
