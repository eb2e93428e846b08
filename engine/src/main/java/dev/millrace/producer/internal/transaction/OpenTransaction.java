package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.HashSet;
import java.util.Set;

/** What one transaction consists of so far, as far as the coordinator is concerned. */
@EventLoopOnly
final class OpenTransaction {

    private final Protocol protocol;
    private final long beganNanos;
    private final Set<TopicPartition> partitions = new HashSet<>();
    private final Set<String> groups = new HashSet<>();
    private boolean doubtful; // something may have been added though nobody said so
    private boolean fencingSuspected;

    OpenTransaction(Protocol protocol, long beganNanos) {
        this.protocol = protocol;
        this.beganNanos = beganNanos;
    }

    Protocol protocol() {
        return protocol;
    }

    long beganNanos() {
        return beganNanos;
    }

    boolean has(TopicPartition partition) {
        return partitions.contains(partition);
    }

    void add(Set<TopicPartition> added) {
        partitions.addAll(added);
    }

    boolean hasGroup(String group) {
        return groups.contains(group);
    }

    void addGroup(String group) {
        groups.add(group);
    }

    /** The coordinator may know more of it than we do. */
    void doubt() {
        doubtful = true;
    }

    /** Whether something may have been added though nobody said so. */
    boolean isDoubtful() {
        return doubtful;
    }

    /** Whether the coordinator has confirmed something of it. */
    boolean isEnrolled() {
        return !partitions.isEmpty() || !groups.isEmpty();
    }

    /** A coordinator or a broker speaks of a later epoch. */
    void suspectFencing() {
        fencingSuspected = true;
    }

    boolean isFencingSuspected() {
        return fencingSuspected;
    }
}
