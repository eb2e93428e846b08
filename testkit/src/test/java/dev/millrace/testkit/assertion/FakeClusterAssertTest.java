package dev.millrace.testkit.assertion;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Headers;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each assertion holds where it should, and where not its failure shows what is there. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // flushed
class FakeClusterAssertTest {

    private final FakeCluster cluster =
            FakeCluster.builder().topic("orders", 2).topic("empty", 1).start();

    @BeforeEach
    void send() {
        try (Producer<String, String> producer = Producers.builder(
                        ProducerConfig.builder()
                                .bootstrapServers(cluster.bootstrapServers())
                                .build(),
                        Serializers.string(),
                        Serializers.string())
                .open()) {
            producer.send(new ProducerRecord<>("orders", 0, 17L, "a", "placed", Headers.of("source", "shop")));
            producer.send(new ProducerRecord<>("orders", 0, 18L, "a", "paid", Headers.of("source", "shop")));
            producer.send(new ProducerRecord<>("orders", 1, 19L, "b", null, Headers.of("source", "shop")));
            producer.flush();
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void holdsForWhatIsThere() {
        assertThat(cluster)
                .hasNothingIn("empty")
                .hasNothingIn("unheard-of")
                .receives("orders", 3, Duration.ofSeconds(10))
                .topic("orders")
                .hasRecords(3)
                .hasRecord("a", "paid")
                .hasRecord("b", null)
                .doesNotHaveRecord("b", "paid")
                .hasValues("paid", "placed", null)
                .hasKeys("b", "a", "a")
                .allHaveHeader("source", "shop")
                .withKey("a")
                .hasValuesInOrder("placed", "paid")
                .inPartition(0)
                .withHeader("source", "shop")
                .hasRecords(2)
                .record(0)
                .hasKey("a")
                .hasValue("placed")
                .hasValueSatisfying(value -> assertThat(value).startsWith("pl"))
                .hasHeader("source")
                .hasHeader("source", "shop")
                .doesNotHaveHeader("trace")
                .isInPartition(0)
                .hasTimestamp(17);
        assertThat(cluster).topic("orders").withKey("b").singleRecord().hasValue(null);
        assertThat(cluster).topic("orders").records().hasSize(3);
        assertThat(cluster)
                .topic("orders", bytes -> new String(bytes, UTF_8), bytes -> bytes.length)
                .withKey("a")
                .hasValuesInOrder(6, 4);
    }

    static Stream<Consumer<FakeCluster>> assertionsThatDoNotHold() {
        return Stream.of(
                cluster -> assertThat(cluster).hasNothingIn("orders"),
                cluster -> assertThat(cluster).topic("orders").hasRecords(2),
                cluster -> assertThat(cluster).topic("orders").hasNoRecords(),
                cluster -> assertThat(cluster).topic("orders").hasRecord("a", "sent"),
                cluster -> assertThat(cluster).topic("orders").hasRecord("a", null),
                cluster -> assertThat(cluster).topic("orders").doesNotHaveRecord("a", "paid"),
                cluster -> assertThat(cluster).topic("orders").hasValues("placed", "paid"),
                cluster -> assertThat(cluster).topic("orders").hasValues("placed", "placed", null),
                cluster -> assertThat(cluster).topic("orders").hasKeys("a", "b"),
                cluster -> assertThat(cluster).topic("orders").hasValuesInOrder("placed", "paid", null),
                cluster -> assertThat(cluster).topic("orders").withKey("a").hasValuesInOrder("paid", "placed"),
                cluster -> assertThat(cluster)
                        .topic("orders")
                        .withKey("a")
                        .inPartition(0)
                        .hasRecords(1),
                cluster -> assertThat(cluster).topic("orders").allHaveHeader("source", "warehouse"),
                cluster -> assertThat(cluster).topic("orders").singleRecord(),
                cluster -> assertThat(cluster).topic("orders").record(3),
                cluster -> assertThat(cluster).topic("orders").record(1).hasKey("b"),
                cluster -> assertThat(cluster).topic("orders").record(1).hasValue("placed"),
                cluster -> assertThat(cluster).topic("orders").record(1).hasHeader("trace"),
                cluster -> assertThat(cluster).topic("orders").record(1).hasHeader("source", "warehouse"),
                cluster -> assertThat(cluster).topic("orders").record(1).doesNotHaveHeader("source"),
                cluster -> assertThat(cluster).topic("orders").record(1).isInPartition(1),
                cluster -> assertThat(cluster).topic("orders").record(1).hasTimestamp(17));
    }

    @ParameterizedTest
    @MethodSource("assertionsThatDoNotHold")
    void showsWhatIsThereWhereItFails(Consumer<FakeCluster> assertion) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(cluster))
                .withMessageContaining("orders-0@1 key=a value=paid headers={source=shop}");
    }

    @Test
    void saysThatThereIsNoSuchTopicOrNothing() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(cluster).topic("unheard-of"))
                .withMessageContaining("unheard-of")
                .withMessageContaining("[orders, empty]");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> assertThat(cluster).topic("empty").withKey("k%s").hasRecords(1))
                .withMessageContaining("topic 'empty', with key k%s")
                .withMessageContaining("no records");
    }

    @Test
    void tellsWhatIsCommittedFromWhatIsNot() {
        try (TransactionalProducer<String, String> producer = Producers.builder(
                        ProducerConfig.builder()
                                .bootstrapServers(cluster.bootstrapServers())
                                .transactionalId("tx")
                                .build(),
                        Serializers.string(),
                        Serializers.string())
                .openTransactional()) {
            producer.init();
            producer.begin();
            producer.send(new ProducerRecord<>("empty", "k", "no"));
            producer.flush();
            producer.abort();
            producer.begin();
            producer.send(new ProducerRecord<>("empty", "k", "yes"));
            producer.commit();
            producer.begin();
            producer.send(new ProducerRecord<>("empty", "k", "open"));
            producer.flush();

            assertThat(cluster).topic("empty").hasValuesInOrder("no", "yes", "open");
            assertThat(cluster).committed().topic("empty").hasValuesInOrder("yes");
        }
    }
}
