package dev.millrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A topic with its partitions and their leaders. Guarded by the cluster's lock. */
final class TopicState {

    private final String name;
    private final UUID id = UUID.randomUUID();
    private final List<PartitionState> partitions = new ArrayList<>();
    private int maxMessageBytes;

    TopicState(String name, int maxMessageBytes) {
        this.name = name;
        this.maxMessageBytes = maxMessageBytes;
    }

    String name() {
        return name;
    }

    UUID id() {
        return id;
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    void setMaxMessageBytes(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    List<PartitionState> partitions() {
        return partitions;
    }

    /** The partition, or null if there is none of this number. */
    @Nullable PartitionState partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }

    /** A partition with its leader and its log. */
    static final class PartitionState {

        private final int index;
        private final int[] replicas;
        private final PartitionLog log;
        private int leader;
        private int leaderEpoch;

        PartitionState(int index, int[] replicas, int leader, PartitionLog log) {
            this.index = index;
            this.replicas = replicas;
            this.leader = leader;
            this.log = log;
        }

        int index() {
            return index;
        }

        int[] replicas() {
            return replicas;
        }

        PartitionLog log() {
            return log;
        }

        /** The node that takes writes, or {@link Topology#NO_NODE}. */
        int leader() {
            return leader;
        }

        int leaderEpoch() {
            return leaderEpoch;
        }

        /** Every change of leader is a new epoch. */
        void setLeader(int leader) {
            if (this.leader != leader) {
                this.leader = leader;
                leaderEpoch++;
            }
        }
    }
}
