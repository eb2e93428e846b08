package dev.millrace.benchmarks.transactions;

import dev.millrace.devbroker.DevCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads what the transactions left behind with Kafka's own consumer. */
final class ReadBack {

    /** Longer than a transaction may stay open when its application was killed and did not come back. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final DevCluster cluster;

    ReadBack(DevCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Everything that is committed.
     *
     * @throws IOException if a transaction stays open, which would hide what is behind it for ever
     */
    Seen committed() throws IOException {
        Seen seen = new Seen();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = SentRecord.TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = marked(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
            while (!partitions.stream().allMatch(each -> consumer.position(each) > ends.getOrDefault(each, 0L))) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new IOException("a transaction is open and hides what is behind it: read up to "
                            + positions(partitions, consumer::position) + " of " + ends);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.value() == null) {
                        continue; // the mark at the end
                    }
                    SentRecord sent = SentRecord.of(record.value());
                    if (!sent.topic().equals(record.topic())) {
                        throw new IOException("not where it was sent: " + sent + " in " + record.topic());
                    }
                    seen.read(record.topic() + "-" + record.partition(), sent);
                }
            }
        }
        return seen;
    }

    /**
     * Marks the end of each partition with a record of no transaction, and waits until every replica in sync has it: whatever
     * was acknowledged before lies before it, and nothing depends on which end a leader tells.
     *
     * @return the offset of each mark
     */
    private Map<TopicPartition, Long> marked(List<TopicPartition> partitions) throws IOException {
        Map<TopicPartition, Long> marks = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (TopicPartition each : partitions) {
                ProducerRecord<byte[], byte[]> mark = new ProducerRecord<>(each.topic(), each.partition(), null, null);
                marks.put(
                        each,
                        producer.send(mark)
                                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                                .offset());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the ends of the partitions were being marked", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the ends of the partitions cannot be marked", e);
        }
        return marks;
    }

    /** The offset each worker's group has, which is one more than the transaction it came with; 0 for none. */
    Map<Integer, Long> offsets(int workers) throws IOException, InterruptedException {
        Map<Integer, Long> offsets = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            for (int worker = 0; worker < workers; worker++) {
                OffsetAndMetadata offset = admin.listConsumerGroupOffsets(
                                SendingWorker.group(worker), new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .get(new TopicPartition(SentRecord.TOPICS.get(0), 0));
                offsets.put(worker, offset == null ? 0 : offset.offset());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the groups' offsets cannot be read", e);
        }
        return offsets;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Map<TopicPartition, Long> positions(
            List<TopicPartition> partitions, ToLongFunction<TopicPartition> position) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        partitions.forEach(partition -> positions.put(partition, position.applyAsLong(partition)));
        return positions;
    }
}
