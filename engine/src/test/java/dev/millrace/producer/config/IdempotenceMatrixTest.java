package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Idempotence against acks, retries and requests in flight: every case has the result of the reference. */
class IdempotenceMatrixTest {

    private static final String REFUSED = "refused";

    static Stream<Arguments> cases() {
        return Stream.of("unset", "true", "false").flatMap(idempotence -> Stream.of("all", "1", "0")
                .flatMap(acks -> Stream.of("2147483647", "0").flatMap(retries -> Stream.of("5", "6")
                        .map(inFlight -> Arguments.of(idempotence, acks, retries, inFlight)))));
    }

    @ParameterizedTest
    @Tag("row-89")
    @MethodSource("cases")
    void agreesWithTheReference(String idempotence, String acks, String retries, String inFlight) {
        Map<String, Object> properties = properties(idempotence, acks, retries, inFlight);

        assertThat(ours(properties)).isEqualTo(reference(properties));
    }

    @ParameterizedTest
    @Tag("row-89")
    @MethodSource("cases")
    void agreesWithTheReferenceAboutTransactions(String idempotence, String acks, String retries, String inFlight) {
        Map<String, Object> properties = properties(idempotence, acks, retries, inFlight);
        properties.put("transactional.id", "orders-1");

        assertThat(ours(properties)).isEqualTo(reference(properties));
    }

    private static Map<String, Object> properties(String idempotence, String acks, String retries, String inFlight) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", "localhost:9092",
                "acks", acks,
                "retries", retries,
                "max.in.flight.requests.per.connection", inFlight));
        if (!idempotence.equals("unset")) {
            properties.put("enable.idempotence", idempotence);
        }
        return properties;
    }

    static Stream<Arguments> expected() {
        return Stream.of(
                Arguments.of(null, "all", "1", "5", "true"),
                Arguments.of(null, "all", "1", "6", REFUSED),
                Arguments.of(null, "1", "1", "5", "false"),
                Arguments.of(null, "all", "0", "5", "false"),
                Arguments.of("true", "all", "1", "5", "true"),
                Arguments.of("true", "1", "1", "5", REFUSED),
                Arguments.of("true", "all", "0", "5", REFUSED),
                Arguments.of("true", "all", "1", "6", REFUSED),
                Arguments.of("false", "0", "0", "6", "false"));
    }

    @ParameterizedTest
    @Tag("row-89")
    @MethodSource("expected")
    void isAsWritten(
            @Nullable String idempotence, String acks, String retries, String inFlight, String expectedResult) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", "localhost:9092",
                "acks", acks,
                "retries", retries,
                "max.in.flight.requests.per.connection", inFlight));
        if (idempotence != null) {
            properties.put("enable.idempotence", idempotence);
        }

        assertThat(ours(properties)).isEqualTo(expectedResult);
    }

    private static String ours(Map<String, Object> properties) {
        try {
            ProducerConfig config = KafkaPropertyNames.read(withSerializers(properties, "bytes"))
                    .config();
            return Boolean.toString(config.delivery().idempotence());
        } catch (ConfigException refusal) {
            List<String> blamed = refusal.violations().stream()
                    .map(ConfigException.Violation::setting)
                    .toList();
            assertThat(blamed).isNotEmpty();
            return REFUSED;
        }
    }

    private static String reference(Map<String, Object> properties) {
        try {
            Map<String, Object> complete = withSerializers(properties, ByteArraySerializer.class.getName());
            return new org.apache.kafka.clients.producer.ProducerConfig(complete)
                    .getBoolean("enable.idempotence")
                    .toString();
        } catch (org.apache.kafka.common.config.ConfigException refusal) {
            assertThat(refusal).hasMessageMatching(".*(idempotent producer|transactional.id).*");
            return REFUSED;
        }
    }

    private static Map<String, Object> withSerializers(Map<String, Object> properties, String serializer) {
        Map<String, Object> complete = new HashMap<>(properties);
        complete.put("key.serializer", serializer);
        complete.put("value.serializer", serializer);
        return complete;
    }
}
