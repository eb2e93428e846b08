package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openBytes;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static dev.millrace.producer.Clients.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.Acks;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.FloatSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in comes out: a real broker keeps it, the reference consumer reads it. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(60)
class RoundTripIT {

    @ParameterizedTest(name = "{0}")
    @MethodSource("serializers")
    <T> void writesTheBytesOfTheReferenceSerializer(
            String name,
            Serializer<T> ours,
            org.apache.kafka.common.serialization.Serializer<T> reference,
            T object,
            DevCluster cluster)
            throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<T, T> producer = Producers.open(config(cluster).build(), ours, ours)) {
            get(producer.send(new ProducerRecord<>(topic, object, object)));
        }

        byte[] expected = reference.serialize(topic, object);
        assertThat(Reference.readAll(cluster, topic)).singleElement().satisfies(record -> {
            assertThat(record.key()).as(name).isEqualTo(expected);
            assertThat(record.value()).as(name).isEqualTo(expected);
        });
    }

    static Stream<Arguments> serializers() {
        return Stream.of(
                Arguments.of("string", Serializers.string(), new StringSerializer(), "pâté 🥧 \u0000"),
                Arguments.of("bytes", Serializers.bytes(), new ByteArraySerializer(), new byte[] {0, -1, 127, -128}),
                Arguments.of(
                        "byteBuffer", Serializers.byteBuffer(), new ByteBufferSerializer(), ByteBuffer.wrap(new byte[] {
                            5, 6
                        })),
                Arguments.of("shorts", Serializers.shorts(), new ShortSerializer(), Short.MIN_VALUE),
                Arguments.of("integers", Serializers.integers(), new IntegerSerializer(), 0x12345678),
                Arguments.of("longs", Serializers.longs(), new LongSerializer(), Long.MIN_VALUE + 1),
                Arguments.of("floats", Serializers.floats(), new FloatSerializer(), -0.0f),
                Arguments.of("doubles", Serializers.doubles(), new DoubleSerializer(), Math.PI),
                Arguments.of("uuid", Serializers.uuid(), new UUIDSerializer(), new UUID(1, 2)));
    }

    @Test
    void voidsAreNull(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<@Nullable Void, @Nullable Void> producer =
                Producers.open(config(cluster).build(), Serializers.voids(), Serializers.voids())) {
            RecordMetadata metadata = get(producer.send(new ProducerRecord<>(topic, null, null)));
            assertThat(metadata.serializedValueSize()).isEqualTo(RecordMetadata.NULL_SIZE);
        }

        assertThat(Reference.readAll(cluster, topic)).singleElement().satisfies(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.value()).isNull();
        });
    }

    @Test
    @Tag("row-15")
    void keepsHeadersAndTheirOrder(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Headers headers = Headers.of("trace", "first")
                .with("none", (byte @Nullable []) null)
                .with("empty", new byte[0])
                .with("trace", "second")
                .with("schlüssel", "ü");
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster))) {
            submit(producer, new ProducerRecord<byte[], byte[]>(topic, new byte[] {1}).withHeaders(headers));
            get(producer.send(new ProducerRecord<>(topic, new byte[] {2})));
        }

        List<ConsumerRecord<byte[], byte[]>> records = Reference.readAll(cluster, topic);
        List<Header> read = new ArrayList<>();
        records.get(0).headers().forEach(header -> read.add(new Header(header.key(), header.value())));
        assertThat(Headers.of(read)).isEqualTo(headers);
        assertThat(records.get(1).headers()).isEmpty();
    }

    @Test
    @Tag("row-15")
    void tellsNullFromEmpty(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        byte[] empty = new byte[0];
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster))) {
            submit(producer, new ProducerRecord<byte[], byte[]>(topic, (byte[]) null, null));
            submit(producer, new ProducerRecord<byte[], byte[]>(topic, empty, null));
            submit(producer, new ProducerRecord<byte[], byte[]>(topic, (byte[]) null, empty));
            RecordMetadata last = get(producer.send(new ProducerRecord<>(topic, empty, empty)));
            assertThat(last.serializedKeySize()).isZero();
            assertThat(last.serializedValueSize()).isZero();
        }

        List<ConsumerRecord<byte[], byte[]>> read = Reference.readAll(cluster, topic);
        assertThat(read).extracting(ConsumerRecord::key).containsExactly(null, empty, null, empty);
        assertThat(read).extracting(ConsumerRecord::value).containsExactly(null, null, empty, empty);
    }

    @Test
    @Tag("row-15")
    void carriesRecordsUpToTheLargestRequest(DevCluster cluster) throws Exception {
        // today's default, which brokers before 2.4 do not have
        String topic = Reference.newTopic(cluster, 1, Map.of("max.message.bytes", "1048588"));
        byte[] large = new byte[(1 << 20) - 200];
        new Random(1).nextBytes(large);
        List<byte[]> values = List.of(new byte[0], large, new byte[] {1}, large.clone(), new byte[0]);
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster))) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            values.forEach(value -> futures.add(producer.send(new ProducerRecord<>(topic, value))));
            for (int i = 0; i < values.size(); i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(i);
            }
        }

        assertThat(Reference.readAll(cluster, topic))
                .extracting(ConsumerRecord::value)
                .containsExactlyElementsOf(values);
    }

    @Test
    void obeysPartitionAndTimestampOfTheRecord(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 3);
        long yesterday = System.currentTimeMillis() - 86_400_000L;
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster))) {
            for (int partition = 2; partition >= 0; partition--) {
                RecordMetadata metadata =
                        get(producer.send(new ProducerRecord<byte[], byte[]>(topic, partition, new byte[] {9}, null)
                                .withTimestamp(yesterday + partition)));
                assertThat(metadata.partition()).isEqualTo(partition);
                assertThat(metadata.timestamp()).isEqualTo(yesterday + partition);
            }
        }

        assertThat(Reference.readAll(cluster, topic)).hasSize(3).allSatisfy(record -> assertThat(record.timestamp())
                .isEqualTo(yesterday + record.partition()));
    }

    @Test
    void deliversEveryKeyedRecordOnceAndInOrder(DevCluster cluster) throws Exception {
        int count = 100_000;
        int keys = 997;
        String topic = Reference.newTopic(cluster, 4);
        List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>(count);
        try (Producer<String, Integer> producer =
                Producers.open(config(cluster).build(), Serializers.string(), Serializers.integers())) {
            for (int i = 0; i < count; i++) {
                futures.add(producer.send(new ProducerRecord<>(topic, "key-" + i % keys, i)));
            }
        }

        List<ConsumerRecord<byte[], byte[]>> records = Reference.readAll(cluster, topic);
        assertThat(records).hasSize(count);
        boolean[] seen = new boolean[count];
        Map<String, Integer> lastOfKey = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            int number = ByteBuffer.wrap(record.value()).getInt();
            String key = new String(record.key(), UTF_8);
            RecordMetadata metadata = get(futures.get(number));
            assertThat(seen[number]).as("record %s read twice", number).isFalse();
            seen[number] = true;
            assertThat(key).isEqualTo("key-" + number % keys);
            assertThat(metadata.partition()).isEqualTo(record.partition());
            assertThat(metadata.offset()).isEqualTo(record.offset());
            assertThat(metadata.timestamp()).isEqualTo(record.timestamp());
            Integer before = lastOfKey.put(key, number);
            assertThat(before == null || before < number)
                    .as("%s after %s", number, before)
                    .isTrue();
        }
    }

    @Test
    @Tag("row-25")
    void placesKeysAsTheReferenceProducerDoes(DevCluster cluster) throws Exception {
        int partitions = 7;
        String topic = Reference.newTopic(cluster, partitions);
        Random random = new Random(42);
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] key = new byte[i % 40];
            random.nextBytes(key);
            keys.add(key);
        }
        List<CompletableFuture<RecordMetadata>> ours = new ArrayList<>();
        List<Future<org.apache.kafka.clients.producer.RecordMetadata>> theirs = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster));
                KafkaProducer<byte[], byte[]> reference = Reference.producer(cluster)) {
            for (byte[] key : keys) {
                ours.add(producer.send(new ProducerRecord<>(topic, key, key)));
                theirs.add(reference.send(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, key, key)));
            }
        }

        for (int i = 0; i < keys.size(); i++) {
            assertThat(get(ours.get(i)).partition())
                    .as("key %s", keys.get(i))
                    .isEqualTo(theirs.get(i).get(20, TimeUnit.SECONDS).partition());
        }
    }

    @Test
    void spreadsRecordsWithoutKeyOverAllPartitions(DevCluster cluster) throws Exception {
        int count = 20_000;
        String topic = Reference.newTopic(cluster, 4);
        byte[] value = new byte[500];
        // the load of a short burst says more of its beginning than of the partitions
        try (Producer<byte[], byte[]> producer = openBytes(config(cluster).partitionerAdaptive(false))) {
            for (int i = 0; i < count; i++) {
                submit(producer, new ProducerRecord<>(topic, value));
            }
        }

        int[] perPartition = new int[4];
        Reference.readAll(cluster, topic).forEach(record -> perPartition[record.partition()]++);
        assertThat(perPartition).satisfies(counts -> {
            for (int records : counts) {
                // 600 switches: 10 % are more than five standard deviations
                assertThat(records).isBetween(count * 15 / 100, count * 35 / 100);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Acks.class)
    void deliversWithEveryKindOfAcknowledgement(Acks acks, DevCluster cluster) throws Exception {
        int count = 2_000;
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = openText(config(cluster).acks(acks))) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(producer.send(new ProducerRecord<>(topic, "value-" + i)));
            }
            for (int i = 0; i < count; i++) {
                assertThat(get(futures.get(i)).offset()).isEqualTo(acks == Acks.NONE ? RecordMetadata.NO_OFFSET : i);
            }
            CloseReport report = producer.close(Duration.ofSeconds(20));
            assertThat(report.delivered()).isEqualTo(count);
        }

        // with acks=0 the broker may still be reading from the socket when close returns
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(Reference.readAll(cluster, topic))
                .hasSize(count));
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(count));
    }

    @Test
    void idempotenceIsVisibleToTheBroker(DevCluster cluster) throws Exception {
        int count = 3_000;
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = openText(config(cluster))) {
            for (int i = 0; i < count; i++) {
                submit(producer, new ProducerRecord<>(topic, "value-" + i));
            }
        }

        assertThat(Reference.activeProducers(cluster, topic, 0)).singleElement().satisfies(state -> {
            assertThat(state.producerId()).isNotNegative();
            assertThat(state.producerEpoch()).isZero();
            assertThat(state.lastSequence()).isEqualTo(count - 1);
        });
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(count));
    }

    @Test
    void producersHaveIdsOfTheirOwn(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> first = openText(config(cluster));
                Producer<String, String> second = openText(config(cluster))) {
            get(first.send(new ProducerRecord<>(topic, "one")));
            get(second.send(new ProducerRecord<>(topic, "two")));
        }

        assertThat(Reference.activeProducers(cluster, topic, 0))
                .extracting(ProducerState::producerId)
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutIdempotenceTheBrokerRemembersNoProducer(DevCluster cluster) throws Exception {
        int count = 3_000;
        String topic = Reference.newTopic(cluster, 1);
        try (Producer<String, String> producer = openText(config(cluster).idempotence(false))) {
            for (int i = 0; i < count; i++) {
                submit(producer, new ProducerRecord<>(topic, "value-" + i));
            }
        }

        assertThat(Reference.activeProducers(cluster, topic, 0)).isEmpty();
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values(count));
    }

    @Test
    @Tag("row-73")
    void tellsTheTimeOfTheBrokerWhereTheTopicUsesIt(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        RecordMetadata metadata;
        try (Producer<String, String> producer = openText(config(cluster))) {
            metadata = get(producer.send(new ProducerRecord<String, String>(topic, "value").withTimestamp(1)));
        }

        assertThat(metadata.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(Reference.readAll(cluster, topic))
                .singleElement()
                .extracting(ConsumerRecord::timestamp)
                .isEqualTo(metadata.timestamp());
    }

    @Test
    void describesThePartitionsOfATopic(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 3);
        try (Producer<String, String> producer = openText(config(cluster))) {
            assertThat(producer.partitionsFor(topic).get(20, TimeUnit.SECONDS))
                    .containsExactly(
                            new PartitionInfo(topic, 0, 1, 1, 1),
                            new PartitionInfo(topic, 1, 1, 1, 1),
                            new PartitionInfo(topic, 2, 1, 1, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.apache.kafka.common.serialization.StringSerializer", "StringSerializer", "string"})
    void opensFromTheProperties(String serializer, DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", cluster.bootstrapServers());
        properties.setProperty("key.serializer", serializer);
        properties.setProperty("value.serializer", serializer);
        properties.setProperty("linger.ms", "0");
        try (Producer<String, String> producer = Producers.open(properties)) {
            get(producer.send(new ProducerRecord<>(topic, "key", "value")));
        }

        assertThat(Reference.readValues(cluster, topic)).containsExactly("value");
    }
}
