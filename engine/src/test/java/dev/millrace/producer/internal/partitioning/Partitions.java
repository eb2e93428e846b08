package dev.millrace.producer.internal.partitioning;

import java.util.BitSet;

/** The partitions of a topic as a test wants them: each has a leader of its own, no load, and nothing is overdue. */
final class Partitions implements PartitionAvailability {

    final int[] leaders;
    final int[] loads;
    final BitSet overdue = new BitSet();
    int[] nearby = {};
    volatile boolean filling;
    private final int[] withLeader;

    Partitions(int count, int... withLeader) {
        this.withLeader = withLeader;
        leaders = new int[count];
        for (int i = 0; i < count; i++) {
            leaders[i] = i;
        }
        loads = new int[count];
    }

    static Partitions allOf(int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return new Partitions(count, all);
    }

    static Partitions loaded(int... loads) {
        Partitions partitions = allOf(loads.length);
        System.arraycopy(loads, 0, partitions.loads, 0, loads.length);
        return partitions;
    }

    @Override
    public int partitionCount() {
        return leaders.length;
    }

    @Override
    public int availableCount() {
        return withLeader.length;
    }

    @Override
    public int available(int index) {
        return withLeader[index];
    }

    @Override
    public int nearbyCount() {
        return nearby.length;
    }

    @Override
    public int nearby(int index) {
        return nearby[index];
    }

    @Override
    public int leader(int partition) {
        return leaders[partition];
    }

    @Override
    public int load(int partition) {
        return loads[partition];
    }

    @Override
    public boolean isOverdue(int partition) {
        return overdue.get(partition);
    }

    @Override
    public boolean isFilling(int partition) {
        return filling;
    }
}
