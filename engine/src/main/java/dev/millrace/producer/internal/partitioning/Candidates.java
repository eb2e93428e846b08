package dev.millrace.producer.internal.partitioning;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Partitions to choose from, with the load each had when it was looked at. Made for one choice. */
final class Candidates {

    private final PartitionAvailability view;
    private final int[] partitions;
    private final int[] loads;
    private int count;
    private int highest;
    private int lowest = Integer.MAX_VALUE;

    private Candidates(PartitionAvailability view, int capacity) {
        this.view = view;
        partitions = new int[capacity];
        loads = new int[capacity];
    }

    /** The candidates of this moment, or null if a uniform choice is just as good: all are equal, or none is left. */
    static @Nullable Candidates of(PartitionAvailability view) {
        int[] stalled = stalledLeaders(view);
        Candidates candidates = new Candidates(view, view.availableCount());
        for (int i = 0; i < view.nearbyCount(); i++) {
            candidates.add(view.nearby(i), stalled);
        }
        if (candidates.count == 0) { // nobody near, or nobody near who takes anything
            for (int i = 0; i < view.availableCount(); i++) {
                candidates.add(view.available(i), stalled);
            }
        }
        boolean isUniform = candidates.lowest == candidates.highest && stalled.length == 0;
        return candidates.count == 0 || isUniform ? null : candidates;
    }

    /** One of them, by weight. */
    int pick(RandomGenerator random) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += weight(i);
        }
        long rest = random.nextLong(total);
        int at = 0;
        while (rest >= weight(at)) {
            rest -= weight(at);
            at++;
        }
        return partitions[at];
    }

    private long weight(int index) {
        return (long) highest - loads[index] + 1;
    }

    private void add(int partition, int[] stalled) {
        if (contains(stalled, view.leader(partition))) {
            return;
        }
        int load = view.load(partition);
        partitions[count] = partition;
        loads[count] = load;
        count++;
        highest = Math.max(highest, load);
        lowest = Math.min(lowest, load);
    }

    /** Nodes with data of the topic that they could not be sent; hardly ever any. */
    private static int[] stalledLeaders(PartitionAvailability view) {
        int[] stalled = {};
        for (int i = 0; i < view.availableCount(); i++) {
            int partition = view.available(i);
            if (view.isOverdue(partition) && !contains(stalled, view.leader(partition))) {
                stalled = Arrays.copyOf(stalled, stalled.length + 1);
                stalled[stalled.length - 1] = view.leader(partition);
            }
        }
        return stalled;
    }

    private static boolean contains(int[] leaders, int leader) {
        for (int each : leaders) {
            if (each == leader) {
                return true;
            }
        }
        return false;
    }
}
