package dev.millrace.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends of the template on a real broker; numbers are those of docs/acceptance-spring.md. */
@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen in the log and by listeners
@WithDevCluster(autoCreateTopics = false)
@Timeout(180)
class SendsIT {

    private static final String POISON = "poison";

    private final String topic = "topic-" + UUID.randomUUID();
    private final DevCluster cluster;
    private final List<DefaultProducerFactory<?, ?>> opened = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    SendsIT(DevCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void topic() {
        cluster.createTopic(topic, 3, 1, Map.of("max.message.bytes", "20000"));
    }

    @AfterEach
    void close() {
        opened.forEach(DefaultProducerFactory::destroy);
    }

    private ProducerTemplate<String, String> template(ProducerConfig.Builder config) {
        Serializer<String> text = Serializers.string();
        return template(config, (to, value) -> {
            if (value.equals(POISON)) {
                throw new IllegalArgumentException("not to be written");
            }
            return text.serialize(to, value);
        });
    }

    private ProducerTemplate<String, String> template(ProducerConfig.Builder config, Serializer<String> values) {
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                config.bootstrapServers(cluster.bootstrapServers()).build(), Serializers.string(), values);
        opened.add(factory);
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        template.setDefaultTopic(topic);
        template.setListeners(List.of(new ProducerListener<String, String>() {
            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                told.add("delivered " + record.value());
            }

            @Override
            public void onError(ProducerRecord<String, String> record, SendFailedException failure) {
                told.add("failed " + record.value());
            }
        }));
        return template;
    }

    /** 36 */
    @Test
    void putsEveryVariantOnTheWire() throws Exception {
        ProducerTemplate<String, String> template = template(ProducerConfig.builder());
        long time = System.currentTimeMillis() - 60_000; // what is too old the broker deletes
        List<CompletableFuture<SendResult<String, String>>> sent = List.of(
                template.send(topic, "value"),
                template.send(topic, "key", "keyed"),
                template.send(topic, "key", null),
                template.send(topic, 2, null, "to 2"),
                template.send(topic, 1, time, "key", "timed"),
                template.send(new ProducerRecord<>(topic, 0, time + 1, "key", "record", Headers.of("h", "x"))),
                template.sendDefault(1, time + 2, null, "default"),
                template.record().partition(1).value("fluent").header("f", "y").send());
        template.flush();

        for (CompletableFuture<SendResult<String, String>> each : sent) {
            RecordMetadata at = each.get().metadata();
            ConsumerRecord<String, String> read = readAll().stream()
                    .filter(record -> record.partition() == at.partition() && record.offset() == at.offset())
                    .findFirst()
                    .orElseThrow();
            ProducerRecord<String, String> record = each.get().record();
            assertThat(read.key()).isEqualTo(record.key());
            assertThat(read.value()).isEqualTo(record.value());
            assertThat(read.timestamp()).isEqualTo(record.timestamp() == null ? at.timestamp() : record.timestamp());
            assertThat(read.headers()).hasSize(record.headers().size());
            if (record.partition() != null) {
                assertThat(read.partition()).isEqualTo(record.partition());
            }
        }
        assertThat(readAll())
                .hasSize(8)
                .filteredOn(read -> read.value() == null)
                .hasSize(1);
    }

    /** 38, 39 */
    @Test
    void failsTheFutureAndTellsOnce() throws Exception {
        ProducerTemplate<String, String> template =
                template(ProducerConfig.builder().maxBlock(Duration.ofSeconds(2)));

        SendFailedException unserialized = failureOf(template.send(topic, POISON));
        assertThat(unserialized.getCause()).isInstanceOf(SerializationException.class);
        assertThat(unserialized.isRetriable()).isFalse();
        SendFailedException tooLarge = failureOf(template.send(topic, "x".repeat(2_000_000)));
        assertThat(tooLarge.getCause()).hasMessageContaining("max-request-size");
        SendFailedException refused = failureOf(template.send(topic, 1, "k", "y".repeat(30_000)));
        assertThat(((ProducerException) Objects.requireNonNull(refused.getCause())).errorCode())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(refused.getPartition()).isEqualTo(1);
        SendFailedException unknown = failureOf(template.send("nowhere-" + topic, "z"));
        assertThat(unknown.getCause()).hasMessageContaining("max-block");
        assertThat(unknown.getTopic()).isEqualTo("nowhere-" + topic);

        assertThat(told).hasSize(4).allMatch(line -> line.startsWith("failed"));
    }

    /** 42 */
    @Test
    void callsBackInOrderOfEachPartition() throws Exception {
        for (boolean dispatched : new boolean[] {false, true}) {
            ProducerTemplate<String, String> template = template(ProducerConfig.builder());
            template.setCallbackExecutor(dispatched ? ProducerTemplate.dispatcher() : null);
            Map<Integer, List<Long>> offsets =
                    Map.of(0, new CopyOnWriteArrayList<>(), 1, new ArrayList<>(), 2, new ArrayList<>());
            List<CompletableFuture<Void>> done = IntStream.range(0, 10_000)
                    .mapToObj(i -> template.send(topic, i % 3, "k", "v" + i)
                            .thenAccept(sent -> Objects.requireNonNull(offsets.get(i % 3))
                                    .add(sent.metadata().offset())))
                    .toList();
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

            assertThat(offsets.values())
                    .allSatisfy(one -> assertThat(one).isSorted().doesNotHaveDuplicates());
            assertThat(offsets.values().stream().mapToInt(List::size).sum()).isEqualTo(10_000);
        }
    }

    /** 41 */
    @Test
    void waitsForASendInAContinuation() throws Exception {
        ProducerTemplate<String, String> template = template(ProducerConfig.builder());
        CompletableFuture<Boolean> refused = template.send(topic, 0, "k", "first")
                .thenApply(first -> {
                    try {
                        template.send(topic, 0, "k", "second").join();
                        return false;
                    } catch (IllegalStateException refusal) {
                        return true;
                    }
                });
        assertThat(refused.get(20, TimeUnit.SECONDS)).isTrue();

        template.setCallbackExecutor(ProducerTemplate.dispatcher());
        CompletableFuture<Long> waited = template.send(topic, 0, "k", "first")
                .thenApply(first ->
                        template.send(topic, 0, "k", "second").join().metadata().offset());
        assertThat(waited.get(20, TimeUnit.SECONDS)).isPositive();
    }

    /** 43 */
    @Test
    void deliversWhatWasCancelled() throws Exception {
        ProducerTemplate<String, String> template =
                template(ProducerConfig.builder().linger(Duration.ofMillis(200)));
        assertThat(template.send(topic, "cancelled").cancel(true)).isTrue();
        template.flush();

        assertThat(readAll()).extracting(ConsumerRecord::value).containsExactly("cancelled");
        assertThat(told).containsExactly("delivered cancelled");
    }

    /** 44 */
    @Test
    void sendsTheSameObjectAgain() throws Exception {
        ProducerTemplate<String, String> template = template(ProducerConfig.builder());
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, "k", "v").withHeaders(Headers.of("h", "x"));
        template.send(record).get(20, TimeUnit.SECONDS);
        template.send(record).get(20, TimeUnit.SECONDS);

        assertThat(record.headers()).isEqualTo(Headers.of("h", "x"));
        assertThat(readAll()).hasSize(2).allMatch(read -> read.headers().toArray().length == 1);
    }

    /** 47 */
    @Test
    void sendsAllButTheBadOne() throws Exception {
        ProducerTemplate<String, String> template = template(ProducerConfig.builder());
        SendAllResult result = template.sendAll(List.of(
                        new ProducerRecord<>(topic, "a"),
                        new ProducerRecord<>(topic, POISON),
                        new ProducerRecord<>(topic, "b")))
                .get(20, TimeUnit.SECONDS);

        assertThat(result.delivered()).isEqualTo(2);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.firstFailure()).isInstanceOf(SerializationException.class);
        assertThat(readAll()).extracting(ConsumerRecord::value).containsExactlyInAnyOrder("a", "b");
    }

    /** A registry that answers after a while, in any order: the log has the order of the sends. */
    @Test
    void keepsTheOrderWhenARegistryIsAsked() throws Exception {
        Random random = new Random(5);
        AsyncSerializer<String> registry = (context, value) -> {
            byte[] bytes = value.getBytes(UTF_8);
            context.addHeader("schema", "7".getBytes(UTF_8));
            return random.nextBoolean()
                    ? CompletableFuture.<byte @Nullable []>completedFuture(bytes)
                    : CompletableFuture.<byte @Nullable []>supplyAsync(
                            () -> bytes, CompletableFuture.delayedExecutor(random.nextInt(20), TimeUnit.MILLISECONDS));
        };
        ProducerTemplate<String, String> template = template(ProducerConfig.builder(), registry);
        for (int i = 0; i < 2_000; i++) {
            template.send(topic, "key-" + i % 7, String.valueOf(i));
        }
        template.flush();

        List<ConsumerRecord<String, String>> all = readAll();
        assertThat(all).hasSize(2_000).allMatch(read -> read.headers().lastHeader("schema") != null);
        for (int partition = 0; partition < 3; partition++) {
            int of = partition;
            assertThat(all.stream().filter(read -> read.partition() == of).map(read -> Integer.valueOf(read.value())))
                    .isSorted();
        }
    }

    private static SendFailedException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("delivered: " + future.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).isExactlyInstanceOf(SendFailedException.class);
            return (SendFailedException) Objects.requireNonNull(failed.getCause());
        }
    }

    private List<ConsumerRecord<String, String>> readAll() {
        List<TopicPartition> partitions = IntStream.range(0, 3)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "enable.auto.commit", false),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, Duration.ofSeconds(60));
            List<ConsumerRecord<String, String>> read = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
            return read;
        }
    }
}
