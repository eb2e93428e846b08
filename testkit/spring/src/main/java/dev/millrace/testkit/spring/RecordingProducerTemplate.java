package dev.millrace.testkit.spring;

import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.TransactionSettings;
import dev.millrace.testkit.SentRecord;
import dev.millrace.testkit.SentRecords;
import dev.millrace.testkit.recording.RecordingCluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ProducerTemplate} for unit tests that need neither a context nor a cluster: it keeps what is sent, and ends it as
 * the test says.
 *
 * <pre>{@code
 * RecordingProducerTemplate<String, String> template = new RecordingProducerTemplate<>();
 * new OrderService(template).place("order-17");
 * assertThat(template).topic("orders").singleRecord().hasKey("order-17");
 *
 * template.failNext(ErrorCode.MESSAGE_TOO_LARGE);
 * assertThatThrownBy(() -> new OrderService(template).place("order-18").join())
 *         .hasCauseInstanceOf(SendFailedException.class);
 * }</pre>
 *
 * <p>It is the real template over producers that record: listeners, exceptions, the order of hooks and transactions are its
 * own, also those of a {@code ProducerTransactionManager} over its factory and those that sends join. What differs is said
 * at {@link RecordingCluster}: a send has ended when it returns, unless records are {@linkplain #hold held}. Safe for use by any
 * number of threads.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class RecordingProducerTemplate<K extends @Nullable Object, V extends @Nullable Object>
        extends ProducerTemplate<K, V> implements SentRecords<K, V> {

    private static final String ID_PREFIX = "recording-";

    private final RecordingCluster<K, V> cluster;

    /** Without transactions, over a cluster that takes any topic and any object. */
    public RecordingProducerTemplate() {
        this(RecordingCluster.create());
    }

    /** Without transactions, over a cluster of the test's own, which may have serializers, interceptors and partitions. */
    public RecordingProducerTemplate(RecordingCluster<K, V> cluster) {
        this(cluster, null);
    }

    private RecordingProducerTemplate(RecordingCluster<K, V> cluster, @Nullable TransactionSettings settings) {
        super(new RecordingProducerFactory<>(cluster, settings));
        this.cluster = cluster;
    }

    /** One that sends in transactions only, as with {@code app.producer.transaction.id-prefix}. */
    public static <K extends @Nullable Object, V extends @Nullable Object>
            RecordingProducerTemplate<K, V> transactional() {
        return transactional(RecordingCluster.create());
    }

    /** As {@link #transactional()}, over a cluster of the test's own. */
    public static <K extends @Nullable Object, V extends @Nullable Object>
            RecordingProducerTemplate<K, V> transactional(RecordingCluster<K, V> cluster) {
        return new RecordingProducerTemplate<>(
                cluster, TransactionSettings.builder(ID_PREFIX).build());
    }

    @Override
    public Set<String> topics() {
        return cluster.topics();
    }

    @Override
    public List<SentRecord<K, V>> sent(String topic) {
        return cluster.sent(topic);
    }

    @Override
    public List<SentRecord<K, V>> committed(String topic) {
        return cluster.committed(topic);
    }

    /** Those of {@link #sent} whose transaction was aborted. */
    public List<SentRecord<K, V>> aborted(String topic) {
        return cluster.aborted(topic);
    }

    /** As {@link RecordingCluster#committedOffsets}. */
    public Map<TopicPartition, OffsetAndMetadata> committedOffsets(String groupId) {
        return cluster.committedOffsets(groupId);
    }

    /** As {@link RecordingCluster#failNext(ErrorCode)}: the future fails with a {@code SendFailedException}. */
    public void failNext(ErrorCode error) {
        cluster.failNext(error);
    }

    /** As {@link RecordingCluster#failNext(ProducerException)}, which is the cause of the {@code SendFailedException}. */
    public void failNext(ProducerException failure) {
        cluster.failNext(failure);
    }

    /** As {@link RecordingCluster#failNextCommit}. */
    public void failNextCommit(ErrorCode error) {
        cluster.failNextCommit(error);
    }

    /** As {@link RecordingCluster#endNextCommit}. */
    public void endNextCommit(TransactionOutcome outcome) {
        cluster.endNextCommit(outcome);
    }

    /** As {@link RecordingCluster#hold}. */
    public void hold() {
        cluster.hold();
    }

    /** As {@link RecordingCluster#held}. */
    public List<ProducerRecord<K, V>> held() {
        return cluster.held();
    }

    /** As {@link RecordingCluster#deliverNext}. */
    public void deliverNext() {
        cluster.deliverNext();
    }

    /** As {@link RecordingCluster#failNextHeld}. */
    public void failNextHeld(ErrorCode error) {
        cluster.failNextHeld(error);
    }

    /** As {@link RecordingCluster#release}. */
    public void release() {
        cluster.release();
    }

    /** As {@link RecordingCluster#setFull}. */
    public void setFull(boolean isFull) {
        cluster.setFull(isFull);
    }

    /** As {@link RecordingCluster#clear}. */
    public void clear() {
        cluster.clear();
    }
}
