package dev.millrace.testkit.assertion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeRecord;
import dev.millrace.testkit.SentRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** About the log of a {@link FakeCluster}, as it is at the moment of each call. */
public final class FakeClusterAssert extends AbstractAssert<FakeClusterAssert, FakeCluster> {

    private final boolean isCommittedOnly;

    FakeClusterAssert(FakeCluster actual, boolean isCommittedOnly) {
        super(actual, FakeClusterAssert.class);
        this.isCommittedOnly = isCommittedOnly;
    }

    /** Goes on with what a consumer sees that reads committed records: nothing of transactions that are open or aborted. */
    public FakeClusterAssert committed() {
        return new FakeClusterAssert(actual, true);
    }

    /** The records of a topic, with keys and values as UTF-8 text. */
    public RecordsAssert<String, String> topic(String name) {
        return topic(name, FakeClusterAssert::text, FakeClusterAssert::text);
    }

    /**
     * The records of a topic, with keys and values decoded.
     *
     * @param key not called for null
     * @param value not called for null
     */
    public <K, V> RecordsAssert<K, V> topic(String name, Function<byte[], K> key, Function<byte[], V> value) {
        if (!actual.topics().contains(name)) {
            failWithMessage("Expecting a topic '%s', but there are only %s", name, actual.topics());
        }
        return new RecordsAssert<>(describe(name), records(name, key, value));
    }

    /** There is no such topic, or nothing in it. */
    public FakeClusterAssert hasNothingIn(String topic) {
        if (actual.topics().contains(topic)) {
            topic(topic).hasNoRecords();
        }
        return this;
    }

    /**
     * Waits until a topic has so many records or more, which may come from another thread.
     *
     * @throws AssertionError if they do not come in time
     */
    public FakeClusterAssert receives(String topic, int count, Duration timeout) {
        actual.awaitRecords(topic, count, timeout);
        return this;
    }

    private String describe(String topic) {
        return "topic '" + topic + "'" + (isCommittedOnly ? ", committed" : "");
    }

    private <K, V> List<SentRecord<K, V>> records(String topic, Function<byte[], K> key, Function<byte[], V> value) {
        List<SentRecord<K, V>> all = new ArrayList<>();
        for (int partition = 0; partition < actual.partitionCount(topic); partition++) {
            List<FakeRecord> log =
                    isCommittedOnly ? actual.committedRecords(topic, partition) : actual.records(topic, partition);
            for (FakeRecord each : log) {
                if (each.isOpaque()) {
                    failWithMessage(
                            "Record %s of %s-%s is compressed with a codec that is not on the class path",
                            each.offset(), topic, partition);
                }
                all.add(new SentRecord<>(
                        topic,
                        partition,
                        each.offset(),
                        decode(each.key(), key),
                        decode(each.value(), value),
                        each.headers(),
                        each.timestampMillis()));
            }
        }
        return all;
    }

    private static <T> @Nullable T decode(byte @Nullable [] bytes, Function<byte[], T> decoder) {
        return bytes == null ? null : decoder.apply(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
