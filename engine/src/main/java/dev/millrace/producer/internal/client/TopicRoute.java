package dev.millrace.producer.internal.client;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.client.PartitioningSettings.Placement;
import dev.millrace.producer.internal.metadata.ClusterSnapshot;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.partitioning.KeyHash;
import dev.millrace.producer.internal.partitioning.RoundRobin;
import dev.millrace.producer.internal.partitioning.StickyPartition;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the records of one topic find their partitions and queues. Any thread. */
final class TopicRoute {

    private final TopicQueues queues;
    private final PartitioningSettings settings;
    private final Supplier<ClusterSnapshot> cluster;
    private final LongSupplier nanos;
    private final StickyPartition sticky;
    private final RoundRobin roundRobin = new RoundRobin();
    private final AtomicBoolean expiryArmed = new AtomicBoolean();
    private final AtomicBoolean choosingArmed = new AtomicBoolean();
    private final AtomicBoolean assigningArmed = new AtomicBoolean();

    private volatile @Nullable KnownTopic view; // null until the topic is known
    private volatile @Nullable Seen seen; // null until somebody has asked

    TopicRoute(
            TopicQueues queues, PartitioningSettings settings, Supplier<ClusterSnapshot> cluster, LongSupplier nanos) {
        this.queues = queues;
        this.settings = settings;
        this.cluster = cluster;
        this.nanos = nanos;
        this.sticky = new StickyPartition(settings.stickyBytes(), settings.next(), ThreadLocalRandom::current);
    }

    /** What a snapshot says of the topic; kept, as it is asked for with each record. */
    private static final class Seen {
        private final Object snapshot;
        private final @Nullable TopicSnapshot topic;

        Seen(Object snapshot, @Nullable TopicSnapshot topic) {
            this.snapshot = snapshot;
            this.topic = topic;
        }
    }

    TopicQueues queues() {
        return queues;
    }

    String topic() {
        return queues.topic();
    }

    /** The topic in the cluster's newest snapshot, null if no broker has said anything about it yet. */
    @Nullable
    TopicSnapshot known() {
        ClusterSnapshot newest = cluster.get();
        Seen last = seen;
        if (last == null || last.snapshot != newest.token()) {
            last = new Seen(newest.token(), newest.topic(queues.topic()));
            seen = last;
        }
        return last.topic;
    }

    /** Whether the expiry of waiting records has yet to be scheduled; says so once until {@link #expiryDone}. */
    boolean armExpiry() {
        return !expiryArmed.get() && expiryArmed.compareAndSet(false, true);
    }

    void expiryDone() {
        expiryArmed.set(false);
    }

    /** Whether user code has yet to be asked for partitions; says so once until {@link #choosingBegins}. */
    boolean armChoosing() {
        return choosingArmed.compareAndSet(false, true);
    }

    void choosingBegins() {
        choosingArmed.set(false);
    }

    /** Whether waiting records have yet to be looked at; says so once until {@link #assigningBegins}. */
    boolean armAssigning() {
        return !assigningArmed.get() && assigningArmed.compareAndSet(false, true);
    }

    void assigningBegins() {
        assigningArmed.set(false);
    }

    /**
     * Where the record goes: as was chosen for it, else as the settings say. To be asked once for each record, when it is
     * about to be appended.
     *
     * @param chosen what the user or the user's partitioner chose, or null
     * @return {@link RecordMetadata#UNKNOWN_PARTITION} if the topic has not, or not yet, the partition that was chosen
     */
    int partitionFor(TopicSnapshot topic, @Nullable Integer chosen, SerializedRecord record) {
        if (chosen != null) {
            return chosen < topic.partitionCount() ? chosen : RecordMetadata.UNKNOWN_PARTITION;
        }
        if (settings.placement() == Placement.ROUND_ROBIN) {
            return roundRobin.next(viewOf(topic));
        }
        KeyHash keyHash = settings.keyHash();
        if (keyHash != null && keyHash.counts(record.keyLength())) {
            return keyHash.partitionFor(record.key(), record.keyOffset(), record.keyLength(), topic.partitionCount());
        }
        return sticky.current(viewOf(topic));
    }

    /** The record was appended; the sticky partition moves on after a batch's worth of bytes. */
    void appended(TopicSnapshot topic, @Nullable Integer chosen, SerializedRecord record, int partition, int bytes) {
        if (chosen == null && isSticky(record)) {
            sticky.onAppended(partition, bytes, viewOf(topic));
        }
    }

    /** The topic as those who choose see it. */
    KnownTopic viewOf(TopicSnapshot topic) {
        KnownTopic known = view;
        if (known == null || !known.shows(topic)) {
            known = new KnownTopic(topic, queues, cluster.get().racks(), settings, nanos);
            view = known;
        }
        return known;
    }

    private boolean isSticky(SerializedRecord record) {
        KeyHash keyHash = settings.keyHash();
        return settings.placement() == Placement.KEY_OR_STICKY
                && (keyHash == null || !keyHash.counts(record.keyLength()));
    }
}
