package dev.millrace.testkit.assertion;

import dev.millrace.testkit.SentRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/**
 * About records of one topic, all or some of them. Every failure shows the records there are.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class RecordsAssert<K extends @Nullable Object, V extends @Nullable Object>
        extends AbstractAssert<RecordsAssert<K, V>, List<SentRecord<K, V>>> {

    private static final int SHOWN = 30;

    private final String what;

    RecordsAssert(String what, List<SentRecord<K, V>> actual) {
        super(List.copyOf(actual), RecordsAssert.class);
        this.what = what;
    }

    /** Goes on with the records of this key. */
    public RecordsAssert<K, V> withKey(@Nullable K key) {
        return narrow("with key " + key, record -> Objects.deepEquals(record.key(), key));
    }

    /** Goes on with the records of one partition. */
    public RecordsAssert<K, V> inPartition(int partition) {
        return narrow("in partition " + partition, record -> record.partition() == partition);
    }

    /** Goes on with the records that have this header with this text. */
    public RecordsAssert<K, V> withHeader(String name, String text) {
        return narrow("with header " + name + "=" + text, record -> text.equals(record.headerText(name)));
    }

    private RecordsAssert<K, V> narrow(String how, Predicate<SentRecord<K, V>> wanted) {
        return new RecordsAssert<>(
                what + ", " + how, actual.stream().filter(wanted).toList());
    }

    /** There are exactly so many. */
    public RecordsAssert<K, V> hasRecords(int count) {
        if (actual.size() != count) {
            throw failure("%s records".formatted(count));
        }
        return this;
    }

    /** There are none. */
    public RecordsAssert<K, V> hasNoRecords() {
        return hasRecords(0);
    }

    /** There is one with this key and this value, or more. */
    public RecordsAssert<K, V> hasRecord(@Nullable K key, @Nullable V value) {
        if (actual.stream().noneMatch(is(key, value))) {
            throw failure("a record with key=" + key + " value=" + value);
        }
        return this;
    }

    /** There is none with this key and this value. */
    public RecordsAssert<K, V> doesNotHaveRecord(@Nullable K key, @Nullable V value) {
        if (actual.stream().anyMatch(is(key, value))) {
            throw failure("no record with key=" + key + " value=" + value);
        }
        return this;
    }

    private Predicate<SentRecord<K, V>> is(@Nullable K key, @Nullable V value) {
        return record -> Objects.deepEquals(record.key(), key) && Objects.deepEquals(record.value(), value);
    }

    /** Their values are exactly these, in whatever order. */
    @SafeVarargs
    public final RecordsAssert<K, V> hasValues(@Nullable V... values) {
        List<@Nullable Object> wanted = new ArrayList<>(values.length);
        for (V each : values) {
            wanted.add(each);
        }
        return hasExactly("values", values(), wanted);
    }

    /** Their keys are exactly these, one for each record, in whatever order. */
    @SafeVarargs
    public final RecordsAssert<K, V> hasKeys(@Nullable K... keys) {
        List<@Nullable Object> wanted = new ArrayList<>(keys.length);
        for (K each : keys) {
            wanted.add(each);
        }
        List<@Nullable Object> found = new ArrayList<>();
        actual.forEach(record -> found.add(record.key()));
        return hasExactly("keys", found, wanted);
    }

    private RecordsAssert<K, V> hasExactly(String which, List<@Nullable Object> found, List<@Nullable Object> wanted) {
        List<@Nullable Object> left = new ArrayList<>(found);
        for (Object each : wanted) {
            if (!left.removeIf(removingOnce(each))) {
                throw failure("exactly the " + which + " " + wanted + ", in whatever order");
            }
        }
        if (!left.isEmpty()) {
            throw failure("exactly the " + which + " " + wanted + ", in whatever order");
        }
        return this;
    }

    private static Predicate<@Nullable Object> removingOnce(@Nullable Object wanted) {
        boolean[] isRemoved = new boolean[1];
        return each -> {
            boolean isIt = !isRemoved[0] && Objects.deepEquals(each, wanted);
            isRemoved[0] |= isIt;
            return isIt;
        };
    }

    /** Their values are exactly these, in this order. Only within a partition is there one: narrow by partition or key. */
    @SafeVarargs
    public final RecordsAssert<K, V> hasValuesInOrder(@Nullable V... values) {
        List<@Nullable Object> wanted = new ArrayList<>(values.length);
        for (V each : values) {
            wanted.add(each);
        }
        if (actual.stream().mapToInt(SentRecord::partition).distinct().count() > 1) {
            throw failure("an order, which records of several partitions do not have: ask for a partition or a key");
        }
        if (!Objects.deepEquals(values().toArray(), wanted.toArray())) {
            throw failure("the values " + wanted + " in this order");
        }
        return this;
    }

    private List<@Nullable Object> values() {
        List<@Nullable Object> found = new ArrayList<>();
        actual.forEach(record -> found.add(record.value()));
        return found;
    }

    /** Each has this header with this text. */
    public RecordsAssert<K, V> allHaveHeader(String name, String text) {
        if (!actual.stream().allMatch(record -> text.equals(record.headerText(name)))) {
            throw failure("the header " + name + "=" + text + " in each record");
        }
        return this;
    }

    /** There is exactly one; goes on with it. */
    public RecordAssert<K, V> singleRecord() {
        if (actual.size() != 1) {
            throw failure("one record");
        }
        return new RecordAssert<>(actual.get(0));
    }

    /** Goes on with the one at this place, counted from 0. */
    public RecordAssert<K, V> record(int index) {
        if (index < 0 || index >= actual.size()) {
            throw failure("a record at place " + index);
        }
        return new RecordAssert<>(actual.get(index));
    }

    /** Goes on with AssertJ's own assertions. */
    public ListAssert<SentRecord<K, V>> records() {
        return Assertions.assertThat(actual).as(what);
    }

    private AssertionError failure(String wanted) {
        String shown =
                actual.stream().limit(SHOWN).map(record -> "\n  " + record).collect(Collectors.joining());
        String more = actual.size() > SHOWN ? "\n  and " + (actual.size() - SHOWN) + " more" : "";
        String found = actual.isEmpty() ? "no records" : actual.size() + " records:" + shown + more;
        return failure("Expecting of %s%n  %s%nbut there are %s", what, wanted, found);
    }
}
