package dev.millrace.spring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.util.MimeType;

/**
 * Takes {@link ProducerHeaders} for where the record goes, the payload for its value, and the other headers the patterns let
 * through for headers: bytes as they are; text, numbers, booleans, enums, times, ids and MIME types as text. Headers of
 * other types stay out.
 */
public class DefaultRecordConverter implements RecordConverter {

    private static final Logger LOGGER = LoggerFactory.getLogger(DefaultRecordConverter.class);

    private static final Set<String> COORDINATES =
            Set.of(ProducerHeaders.TOPIC, ProducerHeaders.KEY, ProducerHeaders.PARTITION, ProducerHeaders.TIMESTAMP);

    private final HeaderPatterns patterns;

    /** With {@link HeaderPatterns#defaults}. */
    public DefaultRecordConverter() {
        this(HeaderPatterns.defaults());
    }

    /** With other patterns. */
    public DefaultRecordConverter(HeaderPatterns patterns) {
        this.patterns = Objects.requireNonNull(patterns, "patterns must not be null");
    }

    @Override
    public ProducerRecord<?, ?> toRecord(Message<?> message, @Nullable String defaultTopic) {
        Map<String, Object> headers = message.getHeaders();
        Object payload = message.getPayload();
        return new ProducerRecord<Object, Object>(
                topic(headers.get(ProducerHeaders.TOPIC), defaultTopic),
                partition(headers.get(ProducerHeaders.PARTITION)),
                timestamp(headers.get(ProducerHeaders.TIMESTAMP)),
                headers.get(ProducerHeaders.KEY),
                payload instanceof Tombstone ? null : payload,
                headersOf(headers));
    }

    private static String topic(@Nullable Object header, @Nullable String defaultTopic) {
        if (header instanceof String text) {
            return text;
        }
        if (header instanceof byte[] bytes) {
            return new String(bytes, UTF_8);
        }
        if (header != null) {
            throw wrongType(ProducerHeaders.TOPIC, header, "text or its bytes");
        }
        if (defaultTopic == null) {
            throw new IllegalStateException("the message has no header " + ProducerHeaders.TOPIC
                    + " and there is no default topic; set one of the two");
        }
        return defaultTopic;
    }

    private static @Nullable Integer partition(@Nullable Object header) {
        if (header == null || header instanceof Integer) {
            return (Integer) header;
        }
        throw wrongType(ProducerHeaders.PARTITION, header, "an Integer");
    }

    private static @Nullable Long timestamp(@Nullable Object header) {
        if (header == null || header instanceof Long) {
            return (Long) header;
        }
        throw wrongType(ProducerHeaders.TIMESTAMP, header, "a Long, in milliseconds");
    }

    private static IllegalStateException wrongType(String name, Object header, String expected) {
        return new IllegalStateException("header " + name + " of the message is a "
                + header.getClass().getName() + "; it has to be " + expected);
    }

    private Headers headersOf(Map<String, Object> headers) {
        Headers mapped = Headers.empty();
        for (Map.Entry<String, Object> header : headers.entrySet()) {
            String name = header.getKey();
            if (!COORDINATES.contains(name) && patterns.let(name)) {
                byte[] bytes = bytesOf(header.getValue());
                if (bytes == null) {
                    LOGGER.debug(
                            "header left out, as its type has no text: header={} type={}",
                            name,
                            header.getValue().getClass().getName());
                } else {
                    mapped = mapped.with(name, bytes);
                }
            }
        }
        return mapped;
    }

    private static byte @Nullable [] bytesOf(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        boolean isText = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum<?>
                || value instanceof UUID
                || value instanceof TemporalAccessor
                || value instanceof MimeType;
        return isText ? value.toString().getBytes(UTF_8) : null;
    }
}
