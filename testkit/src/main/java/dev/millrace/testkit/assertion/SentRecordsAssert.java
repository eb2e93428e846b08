package dev.millrace.testkit.assertion;

import dev.millrace.testkit.SentRecords;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * About what a test double has kept, as it is at the moment of each call.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class SentRecordsAssert<K extends @Nullable Object, V extends @Nullable Object>
        extends AbstractAssert<SentRecordsAssert<K, V>, SentRecords<K, V>> {

    private final boolean isCommittedOnly;

    SentRecordsAssert(SentRecords<K, V> actual, boolean isCommittedOnly) {
        super(actual, SentRecordsAssert.class);
        this.isCommittedOnly = isCommittedOnly;
    }

    /** Goes on with what a consumer sees that reads committed records: nothing of transactions that are open or aborted. */
    public SentRecordsAssert<K, V> committed() {
        return new SentRecordsAssert<>(actual, true);
    }

    /** The records of a topic. */
    public RecordsAssert<K, V> topic(String name) {
        return new RecordsAssert<>(
                "topic '" + name + "'" + (isCommittedOnly ? ", committed" : ""),
                isCommittedOnly ? actual.committed(name) : actual.sent(name));
    }

    /** Nothing was sent to this topic. */
    public SentRecordsAssert<K, V> hasNothingIn(String topic) {
        topic(topic).hasNoRecords();
        return this;
    }

    /** Nothing was sent to any topic. */
    public SentRecordsAssert<K, V> hasNothing() {
        actual.topics().forEach(this::hasNothingIn);
        return this;
    }
}
