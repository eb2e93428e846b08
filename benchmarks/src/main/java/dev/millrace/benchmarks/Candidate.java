package dev.millrace.benchmarks;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A producer under measurement, with its defaults. */
interface Candidate extends AutoCloseable {

    /** Sends one record; its outcome is counted. */
    void send(byte @Nullable [] key, byte[] value);

    /** Waits until everything sent has its outcome. */
    void flush();

    /** Records that failed so far. */
    long failures();

    @Override
    void close();

    /** The candidate of this name. */
    static Candidate open(String name, Workload workload) {
        return switch (name) {
            case "millrace" -> new Millrace(workload);
            case "kafka-clients" -> new KafkaClients(workload, Map.of());
            case "kafka-clients-tuned" ->
                new KafkaClients(
                        workload, Map.of("batch.size", 131_072, "linger.ms", 20, "buffer.memory", 67_108_864L));
            default ->
                throw new IllegalArgumentException(
                        "no candidate '" + name + "': one of millrace, kafka-clients, kafka-clients-tuned");
        };
    }

    /** Our engine. */
    final class Millrace implements Candidate {

        private final String topic;
        private final Producer<byte[], byte[]> producer;
        private final LongAdder failures = new LongAdder();

        Millrace(Workload workload) {
            topic = workload.topic();
            ProducerConfig config = ProducerConfig.builder()
                    .bootstrapServers(workload.bootstrapServers())
                    .build();
            producer = Producers.open(config, Serializers.bytes(), Serializers.bytes());
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
        public void send(byte @Nullable [] key, byte[] value) {
            producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure != null) {
                    failures.increment();
                }
            });
        }

        @Override
        public void flush() {
            producer.flush();
        }

        @Override
        public long failures() {
            return failures.sum();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** The rival. */
    final class KafkaClients implements Candidate {

        private final String topic;
        private final KafkaProducer<byte[], byte[]> producer;
        private final LongAdder failures = new LongAdder();

        KafkaClients(Workload workload, Map<String, Object> tuning) {
            topic = workload.topic();
            Map<String, Object> config = new HashMap<>(tuning);
            config.put("bootstrap.servers", workload.bootstrapServers());
            producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
        public void send(byte @Nullable [] key, byte[] value) {
            producer.send(
                    new org.apache.kafka.clients.producer.ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                        if (failure != null) {
                            failures.increment();
                        }
                    });
        }

        @Override
        public void flush() {
            producer.flush();
        }

        @Override
        public long failures() {
            return failures.sum();
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
