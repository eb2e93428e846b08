package dev.millrace.benchmarks.run;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;

/** The rival through spring-kafka's template. */
final class KafkaTemplateCandidate implements Candidate {

    private final String topic;
    private final DefaultKafkaProducerFactory<byte[], byte[]> factory;
    private final KafkaTemplate<byte[], byte[]> template;

    KafkaTemplateCandidate(Workload workload, OutcomeCounter counter) {
        topic = workload.topic();
        factory = new DefaultKafkaProducerFactory<>(
                KafkaCandidate.defaults(workload), new ByteArraySerializer(), new ByteArraySerializer());
        template = new KafkaTemplate<>(factory);
        template.setProducerListener(new ProducerListener<>() {
            @Override
            public void onError(
                    ProducerRecord<byte[], byte[]> record, @Nullable RecordMetadata metadata, Exception failure) {
                counter.ended(true);
            }
        });
    }

    @Override
    public Sender sender() {
        return new Sender() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the outcome is told
            public void send(Sample sample, Outcome outcome) {
                CompletableFuture<?> sent = template.send(record(sample));
                if (!(outcome instanceof OutcomeCounter)) { // that one hears of it anyway
                    sent.whenComplete((result, failure) -> outcome.ended(failure != null));
                }
            }

            @Override
            public void sendAndWait(Sample sample) {
                template.send(record(sample)).join();
            }

            private ProducerRecord<byte[], byte[]> record(Sample sample) {
                return new ProducerRecord<>(topic, sample.partition, sample.key, sample.value);
            }
        };
    }

    @Override
    public void flush() {
        template.flush();
    }

    @Override
    public void close() {
        factory.destroy();
    }
}
