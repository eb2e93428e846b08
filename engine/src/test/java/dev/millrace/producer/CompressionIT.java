package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openBytes;
import static dev.millrace.producer.Clients.openText;
import static dev.millrace.producer.Clients.submit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is compressed here a real broker takes and keeps compressed, and the reference consumer reads. */
@WithDevCluster(autoCreateTopics = false)
@Timeout(60)
class CompressionIT {

    static Stream<Arguments> codecs() {
        return Stream.of(
                Arguments.of("gzip default", with(Compression.GZIP, config -> config)),
                Arguments.of("gzip 1", with(Compression.GZIP, config -> config.compressionGzipLevel(1))),
                Arguments.of("gzip 9", with(Compression.GZIP, config -> config.compressionGzipLevel(9))),
                Arguments.of("snappy", with(Compression.SNAPPY, config -> config)),
                Arguments.of("lz4 default", with(Compression.LZ4, config -> config)),
                Arguments.of("lz4 17", with(Compression.LZ4, config -> config.compressionLz4Level(17))),
                Arguments.of("zstd default", with(Compression.ZSTD, config -> config)),
                Arguments.of("zstd -7", with(Compression.ZSTD, config -> config.compressionZstdLevel(-7))),
                Arguments.of("zstd 19", with(Compression.ZSTD, config -> config.compressionZstdLevel(19))));
    }

    private static UnaryOperator<ProducerConfig.Builder> with(
            Compression type, UnaryOperator<ProducerConfig.Builder> level) {
        return config -> level.apply(config.compression(type));
    }

    @ParameterizedTest(name = "{0}")
    @Tag("row-15")
    @Tag("row-2")
    @MethodSource("codecs")
    void isReadBackIdenticalAndTakesLessRoom(
            String name, UnaryOperator<ProducerConfig.Builder> codec, DevCluster cluster) throws Exception {
        for (boolean idempotence : List.of(true, false)) {
            String topic = Reference.newTopic(cluster, 1);
            List<byte[]> values = values();
            long plainBytes = 0;
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            try (Producer<byte[], byte[]> producer =
                    openBytes(codec.apply(config(cluster)).idempotence(idempotence))) {
                for (byte[] value : values) {
                    plainBytes += value.length;
                    futures.add(producer.send(new ProducerRecord<byte[], byte[]>(topic, new byte[] {1}, value)
                            .withHeaders(Headers.of("h", "v"))));
                }
                for (int i = 0; i < values.size(); i++) {
                    assertThat(get(futures.get(i)).offset()).isEqualTo(i);
                }
            }

            List<ConsumerRecord<byte[], byte[]>> read = Reference.readAll(cluster, topic);
            assertThat(read).extracting(ConsumerRecord::value).containsExactlyElementsOf(values);
            assertThat(read).allMatch(record -> record.headers().toArray().length == 1);
            assertThat(logBytes(cluster, topic)).as(name).isBetween(1L, plainBytes / 2);
        }
    }

    /** Of each kind: empty, short, large and compressible, large and not; text enough to outweigh the noise. */
    private static List<byte[]> values() {
        Random random = new Random(5);
        byte[] noise = new byte[200_000];
        random.nextBytes(noise);
        List<byte[]> values = new ArrayList<>(List.of(new byte[0], new byte[] {7}, new byte[(1 << 20) - 200], noise));
        for (int i = 0; i < 5_000; i++) {
            values.add(("{\"order\": " + i + ", \"state\": \"delivered\", \"amount\": " + random.nextInt(100) + "}")
                    .getBytes(UTF_8));
        }
        return values;
    }

    @Test
    @Tag("row-52")
    void compressedBatchesThatTheTopicDoesNotTakeAreSplit(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1, Map.of("max.message.bytes", "3000"));
        Random random = new Random(9);
        List<String> values = new ArrayList<>();
        try (Producer<String, String> producer =
                openText(config(cluster).compression(Compression.ZSTD).linger(Duration.ofMillis(50)))) {
            List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                StringBuilder value = new StringBuilder(i + ".");
                random.ints(500, ' ', '~').forEach(each -> value.append((char) each));
                values.add(value.toString());
                futures.add(producer.send(new ProducerRecord<>(topic, value.toString())));
            }
            for (CompletableFuture<RecordMetadata> future : futures) {
                get(future);
            }
        }
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(values);
    }

    @Test
    void leavesNoThreadAndNeedsNoneWithoutCompression(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        for (Compression type : List.of(Compression.NONE, Compression.GZIP)) {
            try (Producer<String, String> producer =
                    openText(config(cluster).compression(type).clientId("seen"))) {
                for (int i = 0; i < 20; i++) {
                    submit(producer, new ProducerRecord<>(topic, "x".repeat(500_000)));
                }
                get(producer.flushAsync());
                assertThat(threads("seen-compress").isEmpty()).isEqualTo(type == Compression.NONE);
            }
            assertThat(threads("seen-compress")).isEmpty();
        }
    }

    private static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    private static long logBytes(DevCluster cluster, String topic) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get(20, TimeUnit.SECONDS).values().stream()
                    .flatMap(dirs -> dirs.values().stream())
                    .flatMap(dir -> dir.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().equals(new TopicPartition(topic, 0)))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }
}
