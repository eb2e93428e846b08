package dev.millrace.benchmarks.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The rival. */
final class KafkaCandidate implements Candidate {

    private final String topic;
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();

    KafkaCandidate(Workload workload, Map<String, Object> settings) {
        topic = workload.topic();
        for (int i = 0; i < workload.producers(); i++) {
            producers.add(new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
        }
    }

    /** Its defaults but for what the workload says. */
    static Map<String, Object> defaults(Workload workload) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", workload.bootstrapServers());
        settings.put("compression.type", workload.compression());
        if (workload.lingerMillis() >= 0) {
            settings.put("linger.ms", workload.lingerMillis());
        }
        if (workload.batchBytes() >= 0) {
            settings.put("batch.size", workload.batchBytes());
        }
        if (workload.bufferBytes() >= 0) {
            settings.put("buffer.memory", workload.bufferBytes());
        }
        return settings;
    }

    /** As an expert would set it for throughput. */
    static Map<String, Object> tuned(Workload workload) {
        Map<String, Object> settings = defaults(workload);
        settings.put("batch.size", 131_072);
        settings.put("linger.ms", 20);
        settings.put("buffer.memory", 67_108_864L);
        return settings;
    }

    @Override
    public Sender sender() {
        return new Sender() {
            private int next;

            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the outcome is told
            public void send(Sample sample, Outcome outcome) {
                producer().send(record(sample), outcome);
            }

            @Override
            public void sendAndWait(Sample sample) {
                try {
                    producer().send(record(sample)).get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }

            private KafkaProducer<byte[], byte[]> producer() {
                KafkaProducer<byte[], byte[]> chosen = producers.get(next);
                next = next + 1 == producers.size() ? 0 : next + 1;
                return chosen;
            }

            private ProducerRecord<byte[], byte[]> record(Sample sample) {
                return new ProducerRecord<>(topic, sample.partition, sample.key, sample.value);
            }
        };
    }

    @Override
    public void flush() {
        producers.forEach(KafkaProducer::flush);
    }

    @Override
    public void close() {
        producers.forEach(KafkaProducer::close);
    }
}
