package dev.millrace.benchmarks;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The records of a run that is judged: each says which one it is. */
public final class NumberedRecords {

    private NumberedRecords() {}

    /**
     * Deals records to the {@link Streams} in turn: the value begins with stream and number, the key is the stream.
     *
     * @param bytes of a value, at least 8
     * @param goOn asked with the number of records sent so far
     * @return how many were sent
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
    public static long send(
            Producer<byte[], byte[]> producer,
            String topic,
            int bytes,
            Pace pace,
            LongPredicate goOn,
            LongAdder acknowledged,
            LongAdder failures) {
        long sent = 0;
        while (goOn.test(sent)) {
            int stream = (int) (sent % Streams.ALL);
            byte[] value = new byte[Math.max(2 * Integer.BYTES, bytes)];
            ByteBuffer.wrap(value).putInt(stream).putInt((int) (sent / Streams.ALL));
            byte[] key = stream < Streams.KEYED
                    ? ByteBuffer.allocate(Integer.BYTES).putInt(stream).array()
                    : null;
            pace.await(sent);
            producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.increment();
                } else {
                    failures.increment();
                }
            });
            sent++;
        }
        return sent;
    }

    /** Reads a topic to its end with Kafka's own consumer, on the plain listener; returns how many records are there. */
    public static long readAll(DevCluster cluster, String topic, Streams streams) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false);
        long read = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    ByteBuffer value = ByteBuffer.wrap(record.value());
                    streams.read(value.getInt(), value.getInt());
                    read++;
                }
            }
        }
        return read;
    }
}
