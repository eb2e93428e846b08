package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own consumer and admin client, which share nothing with the cluster's codec, read what is in its log. */
@Timeout(120)
class ReferenceConsumerTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final FakeCluster cluster =
            FakeCluster.builder().nodes(2).topic("orders", 2).start();

    @AfterEach
    void hasBeenSpokenToInKafkasLanguage() {
        assertThat(cluster.refusals()).isEmpty();
        cluster.close();
    }

    private KafkaConsumer<String, String> consumer(String... settings) {
        Map<String, Object> config = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"));
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        for (int polls = 0; values.size() < count && polls < 300; polls++) {
            for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                values.add(each.value());
            }
        }
        return values;
    }

    private void send(Map<String, Object> settings, int partition, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = ReferenceProducers.open(cluster, settings)) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("orders", partition, 17L + value.length(), "k", value))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void readsFromWhereItIsTold() throws Exception {
        send(Map.of(), 0, "a", "bb", "ccc");
        send(Map.of(), 1, "d");
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(FIRST, SECOND));
            consumer.seek(FIRST, 1);
            consumer.seekToBeginning(List.of(SECOND));

            assertThat(poll(consumer, 3)).containsExactlyInAnyOrder("bb", "ccc", "d");
            assertThat(consumer.endOffsets(List.of(FIRST, SECOND))).isEqualTo(Map.of(FIRST, 3L, SECOND, 1L));
            assertThat(consumer.offsetsForTimes(Map.of(FIRST, 19L)))
                    .hasEntrySatisfying(
                            FIRST, found -> assertThat(found.offset()).isEqualTo(1));

            cluster.clearRecords();
            assertThat(consumer.beginningOffsets(List.of(FIRST))).isEqualTo(Map.of(FIRST, 3L));
            send(Map.of(), 0, "after");
            assertThat(poll(consumer, 1)).containsExactly("after");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void readsWhatIsCompressed(String codec) throws Exception {
        send(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec), 0, "a", "b");
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(FIRST));
            consumer.seekToBeginning(List.of(FIRST));

            assertThat(poll(consumer, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void readsCommittedRecordsOnly() throws Exception {
        try (KafkaProducer<String, String> producer =
                        ReferenceProducers.open(cluster, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx"));
                KafkaConsumer<String, String> committed =
                        consumer(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
                KafkaConsumer<String, String> any = consumer()) {
            producer.initTransactions();
            for (String value : List.of("no", "yes", "open")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("orders", 0, "k", value)).get(30, TimeUnit.SECONDS);
                if (value.equals("no")) {
                    producer.abortTransaction();
                } else if (value.equals("yes")) {
                    producer.commitTransaction();
                }
            }
            committed.assign(List.of(FIRST));
            committed.seekToBeginning(List.of(FIRST));
            any.assign(List.of(FIRST));
            any.seekToBeginning(List.of(FIRST));

            assertThat(poll(any, 3)).containsExactly("no", "yes", "open");
            assertThat(poll(committed, 1)).containsExactly("yes");
            assertThat(committed.endOffsets(List.of(FIRST))).isEqualTo(Map.of(FIRST, 4L)); // at the open one
            assertThat(any.endOffsets(List.of(FIRST))).isEqualTo(Map.of(FIRST, 5L));
            producer.commitTransaction();
            assertThat(poll(committed, 1)).containsExactly("open");
        }
    }

    @Test
    void isTheMemberOfAGroup() throws Exception {
        send(Map.of(), 0, "a", "b");
        try (KafkaConsumer<String, String> consumer = consumer(ConsumerConfig.GROUP_ID_CONFIG, "shop")) {
            consumer.subscribe(List.of("orders"));
            assertThat(poll(consumer, 2)).containsExactly("a", "b");
            assertThat(consumer.assignment()).containsExactlyInAnyOrder(FIRST, SECOND);
            consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(1)));
            assertThat(consumer.committed(Set.of(FIRST))).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(1)));

            try (KafkaConsumer<String, String> second = consumer(ConsumerConfig.GROUP_ID_CONFIG, "shop")) {
                second.subscribe(List.of("orders"));
                assertThatExceptionOfType(GroupMaxSizeReachedException.class).isThrownBy(() -> poll(second, 1));
            }
            consumer.unsubscribe(); // so that nothing more is committed
        }
        try (KafkaConsumer<String, String> next = consumer(ConsumerConfig.GROUP_ID_CONFIG, "shop")) {
            next.subscribe(List.of("orders"));
            assertThat(poll(next, 1)).containsExactly("b");
        }
    }

    @Test
    void keepsProgressByTransactionsForConsumers() throws Exception {
        try (KafkaProducer<String, String> producer =
                        ReferenceProducers.open(cluster, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx"));
                KafkaConsumer<String, String> consumer = consumer(
                        ConsumerConfig.GROUP_ID_CONFIG, "shop", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")) {
            send(Map.of(), 0, "a");
            consumer.subscribe(List.of("orders"));
            assertThat(poll(consumer, 1)).containsExactly("a");
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(1)), consumer.groupMetadata());
            producer.commitTransaction();

            assertThat(consumer.committed(Set.of(FIRST))).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(1)));
        }
    }

    @Test
    void createsDescribesAndDeletesTopics() throws Exception {
        try (Admin admin = Admin.create(
                Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("audit", 3, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            Map<String, TopicDescription> described =
                    admin.describeTopics(List.of("audit")).allTopicNames().get(30, TimeUnit.SECONDS);
            assertThat(described).hasEntrySatisfying("audit", audit -> assertThat(audit.partitions())
                    .hasSize(3));
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("orders", "audit");
            assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                    .hasSize(2);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.createTopics(List.of(new NewTopic("audit", 1, (short) 1)))
                            .all()
                            .get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(TopicExistsException.class);

            admin.deleteTopics(List.of("audit")).all().get(30, TimeUnit.SECONDS);

            assertThat(cluster.topics()).containsExactly("orders");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.deleteTopics(List.of("audit")).all().get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }
}
