package dev.millrace.testkit.recording;

import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.testkit.SentRecord;
import dev.millrace.testkit.SentRecords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of producers go that have no cluster: a log in memory, and a script of what goes wrong. For unit tests of
 * code that sends; what a network or a broker does is the subject of {@link dev.millrace.testkit.FakeCluster}.
 *
 * <pre>{@code
 * RecordingCluster<String, String> cluster = RecordingCluster.create();
 * Producer<String, String> producer = cluster.producer();
 * cluster.failNext(ErrorCode.MESSAGE_TOO_LARGE);
 * ... send ...
 * assertThat(cluster).topic("orders").hasRecords(1);
 * }</pre>
 *
 * <p>Its producers keep the contract of the engine's: checks and exceptions, interceptors before callbacks before futures,
 * one failure makes a transaction abort-only, and so on. They differ in this: a record ends before {@code send} returns,
 * unless records are {@linkplain #hold held}, and everything runs on the thread of that call. Nothing is batched, compressed
 * or retried. Without serializers keys and values are kept as they are; without the serializer of the keys a record that
 * names no partition goes to partition 0.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class RecordingCluster<K extends @Nullable Object, V extends @Nullable Object>
        implements SentRecords<K, V> {

    private final RecordedLog<K, V> log;
    private final RecordIntake<K, V> intake;
    private final Script script = new Script();

    private RecordingCluster(Builder<K, V> builder) {
        this.log = new RecordedLog<>(builder.topics);
        this.intake = new RecordIntake<>(log, script, builder);
    }

    /** With any topic of one partition, and no serializers. */
    public static <K extends @Nullable Object, V extends @Nullable Object> RecordingCluster<K, V> create() {
        return RecordingCluster.<K, V>builder().build();
    }

    /** Describes another one. */
    public static <K extends @Nullable Object, V extends @Nullable Object> Builder<K, V> builder() {
        return new Builder<>();
    }

    /** Opens a producer. */
    public Producer<K, V> producer() {
        return new RecordingProducer<>(intake);
    }

    /** Opens a producer that works in transactions. Others of the same id are not fenced. */
    public TransactionalProducer<K, V> transactionalProducer(String transactionalId) {
        return new RecordingTransactionalProducer<>(intake, transactionalId);
    }

    @Override
    public Set<String> topics() {
        return log.topics();
    }

    @Override
    public List<SentRecord<K, V>> sent(String topic) {
        return log.sent(topic);
    }

    @Override
    public List<SentRecord<K, V>> committed(String topic) {
        return log.committed(topic);
    }

    /** Those of {@link #sent} whose transaction was aborted. */
    public List<SentRecord<K, V>> aborted(String topic) {
        return log.aborted(topic);
    }

    /** What committed transactions have made of a consumer group's progress. */
    public Map<TopicPartition, OffsetAndMetadata> committedOffsets(String groupId) {
        return log.committedOffsets(groupId);
    }

    /** Fails the next record as the engine does when this error is the last word; behind failures asked for before. */
    public void failNext(ErrorCode error) {
        script.failNext(record -> Failures.of(error, record));
    }

    /** Fails the next record in this way; behind failures asked for before. */
    public void failNext(ProducerException failure) {
        script.failNext(record -> failure);
    }

    /** Aborts the next transaction that is to be committed, because of this error. */
    public void failNextCommit(ErrorCode error) {
        endNextCommit(new TransactionOutcome.Aborted(Failures.ofCommit(error), true));
    }

    /** Ends the next commit like this. With {@link TransactionOutcome.Unknown} its records stay open. */
    public void endNextCommit(TransactionOutcome outcome) {
        script.endNextCommit(outcome);
    }

    /** Lets records wait from now on, as if no broker answered, until they are delivered, failed or released. */
    public void hold() {
        script.setHolding(true);
    }

    /** The records that wait, in the order of their sends. */
    public List<ProducerRecord<K, V>> held() {
        return intake.held();
    }

    /**
     * Delivers the record that waits longest.
     *
     * @throws IllegalStateException if none waits
     */
    public void deliverNext() {
        intake.endNext(null);
    }

    /**
     * Fails the record that waits longest.
     *
     * @throws IllegalStateException if none waits
     */
    public void failNextHeld(ErrorCode error) {
        intake.endNext(Objects.requireNonNull(error, "error must not be null"));
    }

    /** Delivers all records that wait, and holds no more. */
    public void release() {
        script.setHolding(false);
        intake.deliverHeld();
    }

    /** Whether there is no buffer space: {@code trySend} takes nothing, and {@code send} fails. */
    public void setFull(boolean isFull) {
        script.setFull(isFull);
    }

    /** Forgets records, progress of groups and the script; delivers what is held. Offsets go on. */
    public void clear() {
        script.clear();
        intake.deliverHeld();
        log.clear();
    }

    /**
     * Describes a {@link RecordingCluster}. Not thread-safe.
     *
     * @param <K> type of the keys
     * @param <V> type of the values
     */
    public static final class Builder<K extends @Nullable Object, V extends @Nullable Object> {

        final Map<String, Integer> topics = new LinkedHashMap<>();
        List<ProducerInterceptor<K, V>> interceptors = List.of();

        @Nullable Serializer<K> keySerializer;

        @Nullable Serializer<V> valueSerializer;

        private Builder() {}

        /** A topic and how many partitions it has. */
        public Builder<K, V> topic(String name, int partitions) {
            if (partitions < 1) {
                throw new IllegalArgumentException(
                        "partitions must be at least 1: topic=" + name + " partitions=" + partitions);
            }
            topics.put(name, partitions);
            return this;
        }

        /** Tries keys and values: what cannot be serialized fails, and bytes of keys choose partitions. */
        public Builder<K, V> serializers(Serializer<K> key, Serializer<V> value) {
            keySerializer = key;
            valueSerializer = value;
            return this;
        }

        /** Lets these see every record, in this order. */
        public Builder<K, V> interceptors(List<? extends ProducerInterceptor<K, V>> all) {
            interceptors = List.copyOf(all);
            return this;
        }

        /** Builds it. */
        public RecordingCluster<K, V> build() {
            return new RecordingCluster<>(this);
        }
    }
}
