package dev.millrace.spring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

class MessageProducerTemplateTest {

    private final RecordConverter converter = new DefaultRecordConverter();

    @Test
    void takesCoordinatesFromHeaders() {
        Message<String> message = MessageBuilder.withPayload("v")
                .setHeader(ProducerHeaders.TOPIC, "orders")
                .setHeader(ProducerHeaders.KEY, 17)
                .setHeader(ProducerHeaders.PARTITION, 3)
                .setHeader(ProducerHeaders.TIMESTAMP, 1_000L)
                .build();

        assertThat(converter.toRecord(message, "other"))
                .isEqualTo(new ProducerRecord<>("orders", 3, 1_000L, 17, "v", Headers.empty()));
    }

    @Test
    void takesTheTopicAsBytesOrTheDefaultOne() {
        Message<String> asBytes = MessageBuilder.withPayload("v")
                .setHeader(ProducerHeaders.TOPIC, "ö".getBytes(UTF_8))
                .build();

        assertThat(converter.toRecord(asBytes, null).topic()).isEqualTo("ö");
        assertThat(converter
                        .toRecord(MessageBuilder.withPayload("v").build(), "default")
                        .topic())
                .isEqualTo("default");
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> converter.toRecord(MessageBuilder.withPayload("v").build(), null))
                .withMessageContaining("no default topic");
    }

    @ParameterizedTest
    @CsvSource({"kafka_topic, text or its bytes", "kafka_partitionId, an Integer", "kafka_timestamp, a Long"})
    void refusesHeadersOfAWrongType(String header, String expected) {
        Message<String> message =
                MessageBuilder.withPayload("v").setHeader(header, new Object()).build();

        assertThatIllegalStateException()
                .isThrownBy(() -> converter.toRecord(message, "default"))
                .withMessageContaining(header)
                .withMessageContaining("java.lang.Object")
                .withMessageContaining(expected);
    }

    @Test
    void makesATombstone() {
        assertThat(converter
                        .toRecord(MessageBuilder.withPayload(Tombstone.INSTANCE).build(), "t")
                        .value())
                .isNull();
    }

    @Test
    void mapsHeadersWithText() {
        UUID id = new UUID(1, 2);
        Message<String> message = MessageBuilder.withPayload("v")
                .setHeader("bytes", new byte[] {1})
                .setHeader("text", "ü")
                .setHeader("number", 17)
                .setHeader("time", Instant.EPOCH)
                .setHeader("uuid", id)
                .setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
                .setHeader("object", new Object())
                .build();
        Headers headers = converter.toRecord(message, "t").headers();

        assertThat(names(headers)).containsExactlyInAnyOrder("bytes", "text", "number", "time", "uuid", "contentType");
        assertThat(text(headers, "text")).isEqualTo("ü");
        assertThat(text(headers, "number")).isEqualTo("17");
        assertThat(text(headers, "time")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(text(headers, "uuid")).isEqualTo(id.toString());
        assertThat(text(headers, "contentType")).isEqualTo("application/json");
    }

    @Test
    void mapsHeadersAsThePatternsSay() {
        Message<String> message = MessageBuilder.withPayload("v")
                .setHeader("x-keep", "1")
                .setHeader("x-secret", "2")
                .setHeader("y", "3")
                .build();

        assertThat(names(new DefaultRecordConverter(HeaderPatterns.of("!x-secret", "x-*"))
                        .toRecord(message, "t")
                        .headers()))
                .containsExactly("x-keep");
        assertThat(names(new DefaultRecordConverter(HeaderPatterns.of("x-*", "!x-secret"))
                        .toRecord(message, "t")
                        .headers()))
                .containsExactlyInAnyOrder("x-keep", "x-secret");
        assertThat(names(new DefaultRecordConverter(HeaderPatterns.defaults().after("!y"))
                        .toRecord(message, "t")
                        .headers()))
                .containsExactlyInAnyOrder("x-keep", "x-secret");
    }

    private static List<String> names(Headers headers) {
        return headers.asList().stream().map(Header::key).toList();
    }

    private static String text(Headers headers, String name) {
        return headers.asList().stream()
                .filter(header -> header.key().equals(name))
                .map(header -> header.value() == null ? "null" : new String(header.value(), UTF_8))
                .findFirst()
                .orElse("none");
    }
}
