package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A producer that cannot be made, or that nobody can use, leaves nothing behind. No broker is there. */
class OpeningTest {

    private static final String CLIENT = "never-opened";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest
    @Tag("row-116")
    @CsvSource({
        "value.serializer, no.such.Serializer, value.serializer",
        "key.serializer, , key.serializer",
        "bootstrap.servers, b1, the port is missing",
        "bootstrap.servers, ':9092', bootstrap.servers",
        "bootstrap.servers, , at least one broker is needed",
        "ssl.keystore.location, /no/such/store, TLS material: store /no/such/store of type JKS does not exist",
        "acks, many, acks",
        "buffer.memory, 1, must be at least",
    })
    void refusesAConfigurationBeforeAnythingIsMade(String name, String value, String complaint) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:9092",
                "client.id", CLIENT,
                "key.serializer", "string",
                "value.serializer", "string"));
        if (value == null) {
            properties.remove(name);
        } else {
            properties.put(name, value);
        }

        assertThatThrownBy(() -> Producers.open(properties).close())
                .isExactlyInstanceOf(ConfigException.class)
                .hasMessageContaining(complaint);
        assertThat(threadsOf(CLIENT)).isEmpty();
    }

    @Test
    @Tag("row-116")
    @SuppressWarnings("NullAway") // the mistake under test
    void refusesAMissingSerializerBeforeAnythingIsMade() {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("127.0.0.1:9092")
                .clientId(CLIENT)
                .build();

        assertThatThrownBy(
                        () -> Producers.open(config, Serializers.string(), null).close())
                .isExactlyInstanceOf(NullPointerException.class)
                .hasMessage("valueSerializer must not be null");
        assertThat(threadsOf(CLIENT)).isEmpty();
    }

    @Test
    @Tag("row-116")
    void refusesAProducerOfTheOtherKindBeforeAnythingIsMade() {
        ProducerConfig.Builder config =
                ProducerConfig.builder().bootstrapServers("127.0.0.1:9092").clientId(CLIENT);

        assertThatThrownBy(() -> Producers.builder(config.build(), Serializers.string(), Serializers.string())
                        .openTransactional())
                .isExactlyInstanceOf(ConfigException.class)
                .hasMessageEndingWith(
                        "app.producer.transaction.id-prefix (transactional.id): is not set; a transactional"
                                + " producer needs an id of its own");
        config.transactionalId("orders-1");
        assertThatThrownBy(() -> Producers.open(config.build(), Serializers.string(), Serializers.string()))
                .isExactlyInstanceOf(ConfigException.class)
                .hasMessageEndingWith("app.producer.transaction.id-prefix (transactional.id)=orders-1: makes a"
                        + " transactional producer; open it with openTransactional, or leave the id out");
        assertThat(threadsOf(CLIENT)).isEmpty();
    }

    /** Opening does not wait for the cluster, so a host nobody knows is no reason not to open. */
    @Test
    @Tag("row-116")
    void leavesNothingBehindWhereTheHostIsUnknown() {
        ProducerConfig.Builder config = ProducerConfig.builder()
                .bootstrapServers("no-such-host.invalid:9092")
                .clientId("opened-in-vain");
        Producer<String, String> producer = Producers.open(config.build(), Serializers.string(), Serializers.string());

        assertThat(threadsOf("opened-in-vain")).contains("opened-in-vain-io");
        assertThat(producer.close(LIMIT)).isEqualTo(new CloseReport(0, 0, 0, List.of()));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(threadsOf("opened-in-vain")).isEmpty());
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
