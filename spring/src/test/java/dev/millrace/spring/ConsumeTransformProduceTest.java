package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The loop that reads, computes and writes exactly once, with the reference consumer: an example to copy. The consumer has
 * {@code enable.auto.commit=false} and {@code isolation.level=read_committed}.
 */
@ExtendWith(NothingLeftBound.class)
class ConsumeTransformProduceTest {

    /** One turn: what is read, written and committed is one transaction. If it fails the consumer goes back. */
    @SuppressWarnings("FutureReturnValueIgnored") // a record that fails lets the transaction fail
    static void turn(Consumer<String, String> consumer, ProducerTemplate<String, String> template) {
        ConsumerRecords<String, String> polled = consumer.poll(Duration.ofMillis(100));
        if (polled.isEmpty()) {
            return;
        }
        try {
            template.executeInTransaction(operations -> {
                Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();
                for (ConsumerRecord<String, String> record : polled) {
                    operations.send("shouts", record.key(), record.value().toUpperCase(Locale.ROOT));
                    progress.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                operations.sendOffsetsToTransaction(progress, ours(consumer.groupMetadata()));
                return progress;
            });
        } catch (ProducerOperationException failed) {
            goBack(consumer, polled);
        }
    }

    /** To where the group is: that is right also if nobody knows whether the transaction is committed. */
    private static void goBack(Consumer<String, String> consumer, ConsumerRecords<String, String> polled) {
        Map<?, org.apache.kafka.clients.consumer.OffsetAndMetadata> committed = consumer.committed(polled.partitions());
        polled.partitions().forEach(partition -> {
            org.apache.kafka.clients.consumer.OffsetAndMetadata last = committed.get(partition);
            consumer.seek(
                    partition, last == null ? polled.records(partition).get(0).offset() : last.offset());
        });
    }

    private static ConsumerGroupMetadata ours(org.apache.kafka.clients.consumer.ConsumerGroupMetadata group) {
        return new ConsumerGroupMetadata(
                group.groupId(),
                group.generationId(),
                group.memberId(),
                group.groupInstanceId().orElse(null));
    }

    @Test
    void commitsWhatItReadWithWhatItWrote() {
        FakeTransactions cluster = new FakeTransactions();
        ProducerTemplate<String, String> template = new ProducerTemplate<>(
                cluster.factory(FakeTransactions.settings().build()));
        org.apache.kafka.common.TopicPartition words = new org.apache.kafka.common.TopicPartition("words", 0);
        try (MockConsumer<String, String> consumer = new MockConsumer<>("earliest")) {
            consumer.assign(List.of(words));
            consumer.updateBeginningOffsets(Map.of(words, 0L));
            consumer.addRecord(new ConsumerRecord<>("words", 0, 0, "k", "hello"));
            consumer.addRecord(new ConsumerRecord<>("words", 0, 1, "k", "world"));

            cluster.offsetSends.fail(FakeTransactions.failure("rebalanced"));
            turn(consumer, template);
            assertThat(cluster.committed()).isEmpty();
            assertThat(consumer.position(words)).isZero();

            consumer.addRecord(new ConsumerRecord<>("words", 0, 0, "k", "hello"));
            consumer.addRecord(new ConsumerRecord<>("words", 0, 1, "k", "world"));
            turn(consumer, template);
        }

        assertThat(cluster.committed()).containsExactly("HELLO", "WORLD");
        assertThat(cluster.offsets)
                .containsExactly(Map.entry(new TopicPartition("words", 0), new OffsetAndMetadata(2)));
    }
}
