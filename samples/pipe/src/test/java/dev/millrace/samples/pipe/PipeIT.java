package dev.millrace.samples.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithDevCluster
@Timeout(120)
class PipeIT {
    private static final int LINES = 10_000;
    private static final int KEYS = 37;

    @TempDir
    private Path directory = Path.of("");

    private final PrintStream originalErr = System.err;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeEach
    void captureMessages() {
        System.setErr(new PrintStream(messages, true, UTF_8));
    }

    @AfterEach
    void showMessages() {
        System.setErr(originalErr);
        originalErr.print(messages.toString(UTF_8));
    }

    @Test
    void publishesEveryLineUnchangedAndInOrder(DevCluster cluster) throws IOException {
        Path file = directory.resolve("lines");
        Map<String, List<byte[]>> valuesByKey = writeLines(file);

        int exitCode = PipeCommand.execute(
                "-b", cluster.bootstrapServers(), "-t", "pipe-lines", "-k", "\\t", "-f", file.toString());

        assertThat(exitCode).as(messages.toString(UTF_8)).isZero();
        assertThat(messages.toString(UTF_8)).contains("10,000 lines, 10,000 acknowledged, 0 failed");
        Map<String, List<byte[]>> readBack = readBack(cluster, "pipe-lines", LINES).stream()
                .collect(Collectors.groupingBy(
                        record -> new String(record.key(), UTF_8),
                        Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
        assertThat(readBack.keySet()).isEqualTo(valuesByKey.keySet());
        readBack.forEach((key, values) -> assertThat(values.toArray(byte[][]::new))
                .as(key)
                .isDeepEqualTo(Objects.requireNonNull(valuesByKey.get(key)).toArray(byte[][]::new)));
    }

    @Test
    void sendsEmptyLinesAsEmptyValues(DevCluster cluster) throws IOException {
        Path file = Files.writeString(directory.resolve("empty"), "\na\n\nlast without newline");

        int exitCode = PipeCommand.execute(
                "-b", cluster.bootstrapServers(), "-t", "pipe-empty", "-p", "0", "-f", file.toString());

        assertThat(exitCode).as(messages.toString(UTF_8)).isZero();
        assertThat(readBack(cluster, "pipe-empty", 4))
                .allSatisfy(record -> assertThat(record.key()).isNull())
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("", "a", "", "last without newline");
    }

    @Test
    void sendsTheLinesAroundOneThatIsTooLong(DevCluster cluster) throws IOException {
        Path file = Files.writeString(directory.resolve("long"), "before\n" + "x".repeat(3 << 20) + "\nafter\n");

        int exitCode = PipeCommand.execute(
                "-b", cluster.bootstrapServers(), "-t", "pipe-long", "-p", "0", "-f", file.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(messages.toString(UTF_8))
                .contains("3 lines, 2 acknowledged, 1 failed")
                .contains("1 × (first: line 2) line too long: size=3145728 B limit=1048576 B");
        assertThat(readBack(cluster, "pipe-long", 2))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("before", "after");
    }

    @Test
    void namesTheCauseWhenNoBrokerAnswers() throws IOException {
        Path file = Files.writeString(directory.resolve("few"), "a\nb\nc\n");
        String nobody = addressWhereNobodyListens();

        int exitCode = PipeCommand.execute(
                "-b",
                nobody,
                "-t",
                "pipe-nobody",
                "-f",
                file.toString(),
                "-X",
                "delivery.timeout.ms=2000",
                "-X",
                "request.timeout.ms=1000");

        assertThat(exitCode).isEqualTo(1);
        assertThat(messages.toString(UTF_8))
                .contains("3 lines, 0 acknowledged, 3 failed")
                .contains("delivery-timeout")
                .contains(nobody);
    }

    @Test
    void refusesWrongArguments() {
        assertThat(PipeCommand.execute("-t", "lines")).isEqualTo(2);
        assertThat(PipeCommand.execute("-b", "localhost:9092", "-t", "lines", "-X", "linger.sm=5"))
                .isEqualTo(2);
        assertThat(messages.toString(UTF_8)).contains("linger.ms");
        assertThat(PipeCommand.execute("-b", "localhost:9092", "-t", "lines", "-f", "/does/not/exist"))
                .isEqualTo(2);
    }

    /** Values with every byte but the newline, and with tabs, which only separate the first time. */
    private static Map<String, List<byte[]>> writeLines(Path file) throws IOException {
        List<String> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < LINES; i++) {
            String key = "ключ-" + i % KEYS;
            byte[] value = (i + "\t\r_").getBytes(UTF_8);
            value[value.length - 1] = (byte) (i % 256 == '\n' ? 0 : i);
            keys.add(key);
            values.add(value);
            lines.writeBytes((key + "\t").getBytes(UTF_8));
            lines.writeBytes(value);
            lines.write('\n');
        }
        Files.write(file, lines.toByteArray());
        return IntStream.range(0, LINES)
                .boxed()
                .collect(Collectors.groupingBy(keys::get, Collectors.mapping(values::get, Collectors.toList())));
    }

    private static List<ConsumerRecord<byte[], byte[]>> readBack(DevCluster cluster, String topic, int expected) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", cluster.bootstrapServers(),
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            assertThat(ends.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(expected);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < expected) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
            records.sort(Comparator.comparingInt((ConsumerRecord<byte[], byte[]> record) -> record.partition())
                    .thenComparingLong(ConsumerRecord::offset));
            return records;
        }
    }

    private static String addressWhereNobodyListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
