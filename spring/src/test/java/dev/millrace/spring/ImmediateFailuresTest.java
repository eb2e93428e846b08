package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.testkit.FakeCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What keeps a record from travelling, each with a real engine: nothing is thrown, the future fails with the one type, the
 * listener hears once. Wherever continuations run.
 */
@Timeout(60)
class ImmediateFailuresTest {

    private static final String POISON = "poison";

    /** Where listeners run and futures complete. */
    enum Where {
        DIRECT,
        DISPATCH
    }

    private final FakeCluster cluster = FakeCluster.builder()
            .topic("orders", 1)
            .topic("forbidden", 1)
            .autoCreateTopics(false)
            .start();
    private final List<SendFailedException> told = new CopyOnWriteArrayList<>();
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private @Nullable DefaultProducerFactory<String, String> factory; // null before a test opens one

    @AfterEach
    void close() {
        cluster.close();
        if (factory != null) {
            factory.destroy();
        }
    }

    private ProducerTemplate<String, String> template(Where where, UnaryOperator<ProducerConfig.Builder> settings) {
        Serializer<String> text = (topic, value) -> {
            if (value.equals(POISON)) {
                throw new IllegalArgumentException("not to be written");
            }
            return value.getBytes(StandardCharsets.UTF_8);
        };
        DefaultProducerFactory<String, String> opened = new DefaultProducerFactory<>(
                settings.apply(ProducerConfig.builder()
                                .bootstrapServers(cluster.bootstrapServers())
                                .linger(Duration.ZERO))
                        .build(),
                text,
                text);
        opened.setCloseTimeout(Duration.ZERO);
        factory = opened;
        ProducerTemplate<String, String> template = new ProducerTemplate<>(opened);
        template.setCallbackExecutor(where == Where.DIRECT ? null : ProducerTemplate.dispatcher());
        template.setListeners(List.of(new ProducerListener<String, String>() {
            @Override
            public void onSuccess(ProducerRecord<String, String> record, RecordMetadata metadata) {
                delivered.add(String.valueOf(record.value()));
            }

            @Override
            public void onError(ProducerRecord<String, String> record, SendFailedException failure) {
                told.add(failure);
            }
        }));
        return template;
    }

    /** The listener has heard by the time the future fails, and of the same failure. */
    private SendFailedException failureOf(CompletableFuture<?> future) {
        ExecutionException failed =
                catchThrowableOfType(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        assertThat(told).hasSize(1);
        assertThat(failed).hasCause(told.get(0));
        return told.remove(0);
    }

    @ParameterizedTest
    @EnumSource
    void aSerializerThatThrows(Where where) {
        ProducerTemplate<String, String> template = template(where, config -> config);
        assertThat(failureOf(template.send("orders", POISON)).getCause()).isInstanceOf(SerializationException.class);
        assertThat(failureOf(template.send("orders", POISON, "v")).getCause())
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("key of type");
    }

    @ParameterizedTest
    @EnumSource
    void aRecordThatIsTooLarge(Where where) {
        ProducerTemplate<String, String> template = template(where, config -> config.maxRequestSize(10_000));
        SendFailedException failure = failureOf(template.send("orders", 0, "k", "x".repeat(20_000)));
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(RecordRejectedException.class, cause -> assertThat(cause.errorCode())
                        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
        assertThat(failure.getPartition()).isZero();
        assertThat(failure.isRetriable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aBufferThatIsFullWithoutAWait(Where where) {
        ProducerTemplate<String, String> template = template(
                where,
                config -> config.maxBlock(Duration.ZERO).bufferMemory(64 * 1024).maxRequestSize(16 * 1024));
        await().untilAsserted(
                        () -> { // without a wait the topic is not known at first
                            template.send("orders", "warm")
                                    .exceptionally(failure -> null)
                                    .get(20, TimeUnit.SECONDS);
                            assertThat(delivered).isNotEmpty();
                        });
        told.clear();
        cluster.pauseNode(0);
        ProducerRecord<String, String> record = new ProducerRecord<>("orders", "x".repeat(4_000));
        while (template.trySend(record) != null) {
            assertThat(told).isEmpty();
        }

        SendFailedException failure = failureOf(template.send(record));
        assertThat(failure.getCause()).isInstanceOf(BufferExhaustedException.class);
        assertThat(failure.isRetriable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aTopicThatIsNotThere(Where where) {
        ProducerTemplate<String, String> template = template(where, config -> config.maxBlock(Duration.ofMillis(200)));
        SendFailedException failure = failureOf(template.send("nowhere", "v"));
        assertThat(failure.getCause())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("topic 'nowhere' does not exist");
        assertThat(failure.getTopic()).isEqualTo("nowhere");
    }

    @ParameterizedTest
    @EnumSource
    void aTopicThatIsRefused(Where where) {
        cluster.setTopicError("forbidden", ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        ProducerTemplate<String, String> template = template(where, config -> config);
        assertThat(failureOf(template.send("forbidden", "v")).getCause()).hasMessageContaining("WRITE");
        assertThat(failureOf(template.send("forbidden", "again")).getCause())
                .as("known to be refused from now on")
                .hasMessageContaining("WRITE");
    }

    @ParameterizedTest
    @EnumSource
    void aClusterThatDoesNotAnswer(Where where) {
        cluster.pauseNode(0);
        ProducerTemplate<String, String> template = template(where, config -> config.maxBlock(Duration.ofMillis(200)));
        assertThat(failureOf(template.send("orders", "v")).getCause())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("max-block");
    }

    @ParameterizedTest
    @EnumSource
    void aProducerThatIsStopped(Where where) {
        ProducerTemplate<String, String> template = template(where, config -> config);
        template.send("orders", "before").join();
        template.getProducerFactory().getSharedProducer().close(); // stops between the look at it and the send
        SendFailedException late = failureOf(template.send("orders", "v"));
        assertThat(late.getCause())
                .isInstanceOf(ProducerStoppedException.class)
                .hasMessage("Producer 'producer' is stopped")
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(late.isRetriable()).isFalse();
        assertThat(late.mayHaveBeenWritten()).isFalse();

        if (factory != null) {
            factory.destroy();
        }
        assertThat(failureOf(template.send("orders", "w")).getCause()).isInstanceOf(ProducerStoppedException.class);
        CompletableFuture<SendResult<String, String>> tried = template.trySend(new ProducerRecord<>("orders", "x"));
        assertThat(tried).isNotNull();
        if (tried != null) {
            assertThat(failureOf(tried).getCause()).isInstanceOf(ProducerStoppedException.class);
        }
    }
}
