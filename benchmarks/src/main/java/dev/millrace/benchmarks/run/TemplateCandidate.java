package dev.millrace.benchmarks.run;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.metrics.ProducerMetrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Our engine through the template, as an application has it: an interceptor and metrics are on. */
final class TemplateCandidate implements Candidate {

    private final String topic;
    private final DefaultProducerFactory<byte[], byte[]> factory;
    private final ProducerTemplate<byte[], byte[]> template;

    TemplateCandidate(Workload workload, OutcomeCounter counter) {
        topic = workload.topic();
        factory = new DefaultProducerFactory<>(
                MillraceCandidate.config(workload).build(), Serializers.bytes(), Serializers.bytes());
        factory.setInterceptors(List.of(new Counting(counter)));
        ProducerMetrics metrics = new ProducerMetrics(Tags.empty(), true, true);
        metrics.bindTo(new SimpleMeterRegistry());
        factory.setListeners(List.of(metrics));
        template = new ProducerTemplate<>(factory);
    }

    /** What an application's own interceptor does at least. */
    private static final class Counting implements ProducerInterceptor<byte[], byte[]> {
        private final LongAdder sent = new LongAdder();
        private final OutcomeCounter counter;

        Counting(OutcomeCounter counter) {
            this.counter = counter;
        }

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            sent.increment();
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
            counter.ended(failure != null);
        }
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
