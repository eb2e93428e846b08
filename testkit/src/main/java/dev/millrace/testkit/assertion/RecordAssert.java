package dev.millrace.testkit.assertion;

import dev.millrace.testkit.SentRecord;
import java.util.Objects;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * About one record. Every failure shows it.
 *
 * @param <K> type of the key
 * @param <V> type of the value
 */
public final class RecordAssert<K extends @Nullable Object, V extends @Nullable Object>
        extends AbstractAssert<RecordAssert<K, V>, SentRecord<K, V>> {

    RecordAssert(SentRecord<K, V> actual) {
        super(actual, RecordAssert.class);
    }

    /** It has this key; null for none. */
    public RecordAssert<K, V> hasKey(@Nullable K key) {
        return check(Objects.deepEquals(actual.key(), key), "the key " + key);
    }

    /** It has this value; null for a tombstone. */
    public RecordAssert<K, V> hasValue(@Nullable V value) {
        return check(Objects.deepEquals(actual.value(), value), "the value " + value);
    }

    /** Its value, which may be null, is looked at. */
    public RecordAssert<K, V> hasValueSatisfying(Consumer<? super @Nullable V> requirements) {
        requirements.accept(actual.value());
        return this;
    }

    /** It has this header, the last of its name, with this text. */
    public RecordAssert<K, V> hasHeader(String name, String text) {
        return check(text.equals(actual.headerText(name)), "the header " + name + "=" + text);
    }

    /** It has a header of this name. */
    public RecordAssert<K, V> hasHeader(String name) {
        return check(actual.headers().last(name) != null, "a header " + name);
    }

    /** It has no header of this name. */
    public RecordAssert<K, V> doesNotHaveHeader(String name) {
        return check(actual.headers().last(name) == null, "no header " + name);
    }

    /** It went to this partition. */
    public RecordAssert<K, V> isInPartition(int partition) {
        return check(actual.partition() == partition, "the partition " + partition);
    }

    /** It has this time, in milliseconds since 1970. */
    public RecordAssert<K, V> hasTimestamp(long millis) {
        return check(actual.timestampMillis() == millis, "the timestamp " + millis);
    }

    private RecordAssert<K, V> check(boolean holds, String wanted) {
        if (!holds) {
            throw failure(
                    "Expecting of the record (timestamp %s)%n  %s%nto have%n  %s",
                    actual.timestampMillis(), actual, wanted);
        }
        return this;
    }
}
