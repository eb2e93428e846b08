package dev.millrace.benchmarks.run;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Our engine, with its defaults but for what the workload says. */
final class MillraceCandidate implements Candidate {

    private final String topic;
    private final List<Producer<byte[], byte[]>> producers = new ArrayList<>();

    MillraceCandidate(Workload workload) {
        topic = workload.topic();
        for (int i = 0; i < workload.producers(); i++) {
            producers.add(Producers.open(config(workload).build(), Serializers.bytes(), Serializers.bytes()));
        }
    }

    static ProducerConfig.Builder config(Workload workload) {
        ProducerConfig.Builder config = ProducerConfig.builder()
                .bootstrapServers(workload.bootstrapServers())
                .compression(Compression.valueOf(workload.compression().toUpperCase(Locale.ROOT)));
        if (workload.lingerMillis() >= 0) {
            config.linger(Duration.ofMillis(workload.lingerMillis()));
        }
        if (workload.batchBytes() >= 0) {
            config.batchSize(workload.batchBytes());
        }
        if (workload.bufferBytes() >= 0) {
            config.bufferMemory(workload.bufferBytes());
        }
        return config;
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
                producer().send(record(sample)).join();
            }

            private Producer<byte[], byte[]> producer() {
                Producer<byte[], byte[]> chosen = producers.get(next);
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
        producers.forEach(Producer::flush);
    }

    @Override
    public void close() {
        producers.forEach(Producer::close);
    }
}
