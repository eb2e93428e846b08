package dev.millrace.benchmarks.run;

import dev.millrace.producer.Producers;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.serialization.Serializers;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A way to send transactions, under measurement. One thread. A commit throws if a record has failed. */
interface TransactionalCandidate extends AutoCloseable {

    void begin();

    void send(Sample sample);

    /** Returns when the transaction is committed. */
    void commit();

    @Override
    void close();

    /** The candidate of this name, with a transactional id for the number. */
    static TransactionalCandidate open(String name, Workload workload, int number) {
        return switch (name) {
            case "millrace" -> new Millrace(workload, number);
            case "kafka-clients" -> new Kafka(workload, number);
            default -> throw new IllegalArgumentException("no candidate for transactions '" + name + "'");
        };
    }

    /** Our engine. */
    final class Millrace implements TransactionalCandidate {

        private final String topic;
        private final TransactionalProducer<byte[], byte[]> producer;

        Millrace(Workload workload, int number) {
            topic = workload.topic();
            producer = Producers.builder(
                            MillraceCandidate.config(workload)
                                    .transactionalId(workload.transactionalId(number))
                                    .build(),
                            Serializers.bytes(),
                            Serializers.bytes())
                    .openTransactional();
            producer.init();
        }

        @Override
        public void begin() {
            producer.begin();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the commit would say
        public void send(Sample sample) {
            producer.send(
                    new dev.millrace.producer.ProducerRecord<>(topic, sample.partition, sample.key, sample.value));
        }

        @Override
        public void commit() {
            producer.commit();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** The rival. */
    final class Kafka implements TransactionalCandidate {

        private final String topic;
        private final KafkaProducer<byte[], byte[]> producer;

        Kafka(Workload workload, int number) {
            topic = workload.topic();
            Map<String, Object> settings = KafkaCandidate.defaults(workload);
            settings.put("transactional.id", workload.transactionalId(number));
            producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
            producer.initTransactions();
        }

        @Override
        public void begin() {
            producer.beginTransaction();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the commit would say
        public void send(Sample sample) {
            producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>(
                    topic, sample.partition, sample.key, sample.value));
        }

        @Override
        public void commit() {
            producer.commitTransaction();
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
