package dev.millrace.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A record that was sent, for tests to look at: one in the log of a {@link FakeCluster}, or one that a test double has kept.
 *
 * @param topic where it went
 * @param partition where in the topic
 * @param offset its place in the partition
 * @param key null for none
 * @param value null for none, which is a tombstone
 * @param headers in order
 * @param timestampMillis its time in milliseconds since 1970
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record SentRecord<K extends @Nullable Object, V extends @Nullable Object>(
        String topic,
        int partition,
        long offset,
        @Nullable K key,
        @Nullable V value,
        Headers headers,
        long timestampMillis) {

    /** The value of the last header of this name as UTF-8 text; null if there is none, or none with a value. */
    public @Nullable String headerText(String name) {
        return text(headers.last(name));
    }

    private static @Nullable String text(@Nullable Header header) {
        byte[] value = header == null ? null : header.value();
        return value == null ? null : new String(value, UTF_8);
    }

    /** As {@code orders-0@17 key=k value=v headers={trace=1}}. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner(", ", "{", "}");
        headers.forEach(header -> names.add(header.key() + "=" + text(header)));
        return topic + "-" + partition + "@" + offset + " key=" + key + " value=" + value + " headers=" + names;
    }
}
