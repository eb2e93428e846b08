package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong: what, for whom, and how often. Immutable; {@link FakeCluster#inject} lets it happen.
 *
 * <pre>{@code
 * cluster.inject(Fault.fail(ErrorCode.NOT_ENOUGH_REPLICAS).onTopic("orders").times(3));
 * cluster.inject(Fault.delay(Duration.ofMillis(200)).untilCleared());
 * cluster.inject(Fault.dropAfterAppend().onPartition("orders", 0));
 * }</pre>
 *
 * <p>It concerns Produce requests of all topics unless it is narrowed, and happens once unless it says otherwise. Errors are counted
 * by batches, all else by requests.
 */
public final class Fault {

    /** How often a fault happens that goes on until it is cleared. */
    static final int UNTIL_CLEARED = Integer.MAX_VALUE;

    private static final int ANY = -1;

    /** What goes wrong. */
    enum Kind {
        FAIL,
        FAIL_AFTER_APPEND,
        DELAY,
        DROP,
        DROP_AFTER
    }

    private final Kind kind;
    private final ErrorCode error;
    private final Duration delay;
    private final Api api;
    private final int node;
    private final @Nullable String topic;
    private final int partition;
    private final int times;

    private Fault(
            Kind kind,
            ErrorCode error,
            Duration delay,
            Api api,
            int node,
            @Nullable String topic,
            int partition,
            int times) {
        this.kind = kind;
        this.error = error;
        this.delay = delay;
        this.api = api;
        this.node = node;
        this.topic = topic;
        this.partition = partition;
        this.times = times;
        check();
    }

    private static Fault of(Kind kind, ErrorCode error, Duration delay) {
        return new Fault(kind, error, delay, Api.PRODUCE, ANY, null, ANY, 1);
    }

    /** Answers with an error; nothing is appended or changed. */
    public static Fault fail(ErrorCode error) {
        return of(Kind.FAIL, error, Duration.ZERO);
    }

    /** Answers a batch with an error, but appends it: the producer cannot know. */
    public static Fault failAfterAppend(ErrorCode error) {
        return of(Kind.FAIL_AFTER_APPEND, error, Duration.ZERO);
    }

    /** Serves a request at once, and holds its answer back for so long; what is behind it on its connection waits. */
    public static Fault delay(Duration time) {
        return of(Kind.DELAY, ErrorCode.NONE, time);
    }

    /** Closes the connection instead of serving a request: nothing is appended. */
    public static Fault drop() {
        return of(Kind.DROP, ErrorCode.NONE, Duration.ZERO);
    }

    /** Serves a request, and closes the connection instead of answering: what it brought is appended. */
    public static Fault dropAfterAppend() {
        return of(Kind.DROP_AFTER, ErrorCode.NONE, Duration.ZERO);
    }

    /**
     * Concerns requests of another API than Produce.
     *
     * @throws IllegalArgumentException if it is about a topic, or an error that API cannot have; for the errors of topics in
     *     Metadata see {@link FakeCluster#setTopicError}
     */
    public Fault onApi(Api other) {
        return new Fault(kind, error, delay, other, node, topic, partition, times);
    }

    /** Concerns batches of this topic, or requests with at least one. */
    public Fault onTopic(String name) {
        Objects.requireNonNull(name, "name must not be null");
        return new Fault(kind, error, delay, api, node, name, ANY, times);
    }

    /** Concerns batches of this partition, or requests with one. */
    public Fault onPartition(String name, int index) {
        Objects.requireNonNull(name, "name must not be null");
        return new Fault(kind, error, delay, api, node, name, index, times);
    }

    /** Concerns requests to this node. */
    public Fault onNode(int id) {
        return new Fault(kind, error, delay, api, id, topic, partition, times);
    }

    /**
     * Happens so many times.
     *
     * @throws IllegalArgumentException if that is less than once
     */
    public Fault times(int count) {
        return new Fault(kind, error, delay, api, node, topic, partition, count);
    }

    /** Happens every time, until {@link FakeCluster#clearFaults}. */
    public Fault untilCleared() {
        return times(UNTIL_CLEARED);
    }

    private void check() {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: times=" + times);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative: " + delay.toMillis() + " ms");
        }
        if (topic != null && api != Api.PRODUCE) {
            throw new IllegalArgumentException("only a fault of PRODUCE can be about a topic: api=" + api);
        }
        if (kind == Kind.FAIL_AFTER_APPEND && api != Api.PRODUCE) {
            throw new IllegalArgumentException("only batches are appended: api=" + api);
        }
        if (kind == Kind.FAIL && !(api == Api.PRODUCE || api == Api.INIT_PRODUCER_ID || api.isOfTransactions())) {
            throw new IllegalArgumentException(
                    "errors can be had of PRODUCE, INIT_PRODUCER_ID and the APIs of transactions, not of " + api
                            + "; for the errors of a topic use setTopicError");
        }
    }

    boolean concerns(Kind wanted, Api ofApi, int ofNode) {
        return kind == wanted && api == ofApi && (node == ANY || node == ofNode);
    }

    boolean concerns(String ofTopic, int ofPartition) {
        return topic == null || (topic.equals(ofTopic) && (partition == ANY || partition == ofPartition));
    }

    boolean concernsOneOf(Set<TopicPartition> partitions) {
        return topic == null || partitions.stream().anyMatch(each -> concerns(each.topic(), each.partition()));
    }

    ErrorCode error() {
        return error;
    }

    Duration delay() {
        return delay;
    }

    int times() {
        return times;
    }

    @Override
    public String toString() {
        return kind + (kind == Kind.DELAY ? " " + delay.toMillis() + " ms" : error == ErrorCode.NONE ? "" : " " + error)
                + " of " + api + (node == ANY ? "" : " on node " + node) + (topic == null ? "" : " for " + topic)
                + (partition == ANY ? "" : "-" + partition)
                + (times == UNTIL_CLEARED ? " until cleared" : " " + times + " times");
    }
}
