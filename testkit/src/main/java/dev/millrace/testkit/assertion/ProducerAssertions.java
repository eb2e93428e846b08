package dev.millrace.testkit.assertion;

import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.SentRecords;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions about producers begin. For a static import beside that of AssertJ's own.
 *
 * <pre>{@code
 * assertThat(cluster).topic("orders").withKey("order-17").hasValuesInOrder("placed", "paid");
 * assertThat(cluster).committed().topic("orders").hasRecords(2);
 * }</pre>
 */
public final class ProducerAssertions {

    private ProducerAssertions() {}

    /** About the log of a fake cluster. */
    public static FakeClusterAssert assertThat(FakeCluster actual) {
        return new FakeClusterAssert(actual, false);
    }

    /** About what a test double has kept. */
    public static <K extends @Nullable Object, V extends @Nullable Object> SentRecordsAssert<K, V> assertThat(
            SentRecords<K, V> actual) {
        return new SentRecordsAssert<>(actual, false);
    }
}
