package dev.millrace.producer;

import static dev.millrace.producer.Clients.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.ForeignReader.Read;
import dev.millrace.producer.config.Compression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write is the protocol's and not only what Kafka's own clients happen to understand. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(240)
class NonJavaReadersIT {

    private static final long TIMESTAMP = 1_700_000_000_123L;

    static Stream<Arguments> readersAndCodecs() {
        return Stream.of(ForeignReader.values())
                .flatMap(reader -> Stream.of(Compression.values()).map(codec -> Arguments.of(reader, codec)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("readersAndCodecs")
    void readWhatWeWrote(ForeignReader reader, Compression codec, DevCluster cluster) throws Exception {
        reader.require();
        String topic = Reference.newTopic(cluster, 2);
        List<ProducerRecord<byte[], byte[]>> records = records(topic);
        List<Read> expected = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = Producers.open(properties(cluster.bootstrapServers(), codec))) {
            List<CompletableFuture<RecordMetadata>> futures =
                    records.stream().map(producer::send).toList();
            for (int i = 0; i < records.size(); i++) {
                expected.add(asRead(records.get(i), get(futures.get(i)).offset()));
            }
        }

        assertThat(inOrder(reader.readAll(cluster, topic, records.size()))).isEqualTo(inOrder(expected));
    }

    /** Else a codec that a reader lacks would look like a fault of ours. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("readersAndCodecs")
    void readWhatTheReferenceProducerWrote(ForeignReader reader, Compression codec, DevCluster cluster)
            throws Exception {
        reader.require();
        String topic = Reference.newTopic(cluster, 2);
        List<ProducerRecord<byte[], byte[]>> records = records(topic);
        List<Read> expected = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "compression.type",
                        codec.toString(),
                        "linger.ms",
                        50),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var futures = records.stream()
                    .map(record -> producer.send(asReference(record)))
                    .toList();
            for (int i = 0; i < records.size(); i++) {
                expected.add(asRead(
                        records.get(i), futures.get(i).get(20, TimeUnit.SECONDS).offset()));
            }
        }

        assertThat(inOrder(reader.readAll(cluster, topic, records.size()))).isEqualTo(inOrder(expected));
    }

    private static List<ProducerRecord<byte[], byte[]>> records(String topic) {
        byte[] empty = new byte[0];
        byte[] unicode = "pâté 🥧 \u0000 \n schließlich 終".getBytes(UTF_8);
        byte[] random = new byte[100_000];
        new Random(7).nextBytes(random);
        Headers headers = Headers.of("trace", "first")
                .with("none", (byte @Nullable []) null)
                .with("empty", empty)
                .with("trace", "second")
                .with("schlüssel", "ü 🥧");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(topic, null, null));
        records.add(record(topic, empty, null));
        records.add(record(topic, null, empty));
        records.add(record(topic, empty, empty));
        records.add(record(topic, unicode, unicode).withHeaders(headers));
        records.add(record(topic, null, null).withHeaders(headers));
        records.add(record(topic, unicode, random));
        records.add(record(topic, null, new byte[200_000]));
        for (int i = 0; i < 500; i++) {
            byte[] value = ("the same text, which compresses well, and a number: " + i).getBytes(UTF_8);
            records.add(new ProducerRecord<byte[], byte[]>(topic, i % 2, unicode, value).withTimestamp(TIMESTAMP + i));
        }
        return records;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord<byte[], byte[]>(topic, 0, key, value).withTimestamp(TIMESTAMP);
    }

    private static Read asRead(ProducerRecord<byte[], byte[]> record, long offset) {
        Map<String, List<@Nullable String>> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.computeIfAbsent(
                            String.valueOf(ForeignReader.text(header.key().getBytes(UTF_8))), name -> new ArrayList<>())
                    .add(ForeignReader.text(header.value()));
        }
        return new Read(
                requireNonNull(record.partition()),
                offset,
                requireNonNull(record.timestamp()),
                ForeignReader.text(record.key()),
                ForeignReader.text(record.value()),
                headers);
    }

    private static org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> asReference(
            ProducerRecord<byte[], byte[]> record) {
        var reference = new org.apache.kafka.clients.producer.ProducerRecord<>(
                record.topic(), record.partition(), record.timestamp(), record.key(), record.value());
        record.headers().forEach(header -> reference.headers().add(header.key(), header.value()));
        return reference;
    }

    private static List<Read> inOrder(List<Read> records) {
        return records.stream()
                .sorted(Comparator.comparingInt(Read::partition))
                .toList(); // stable: within a partition it is the reader's order
    }

    private static Properties properties(String bootstrapServers, Compression codec) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        properties.setProperty("key.serializer", "bytes");
        properties.setProperty("value.serializer", "bytes");
        properties.setProperty("linger.ms", "50");
        properties.setProperty("compression.type", codec.toString());
        return properties;
    }
}
