package dev.millrace.producer.internal.partitioning;

import java.util.random.RandomGenerator;

/**
 * Where records without key go next, at random.
 *
 * <p>Candidates are the partitions with a leader, or those in the producer's own rack if there are any (KIP-1123), or all
 * if none has a leader. Any thread; loads are looked at only here.
 */
public enum NextPartition {
    /** Every candidate is as likely as any other. */
    UNIFORM {
        @Override
        public int choose(PartitionAvailability view, RandomGenerator random) {
            int nearby = view.nearbyCount();
            if (nearby > 0) {
                return view.nearby(random.nextInt(nearby));
            }
            int available = view.availableCount();
            return available > 0 ? view.available(random.nextInt(available)) : random.nextInt(view.partitionCount());
        }
    },

    /**
     * The less waits for a candidate the more likely it is (KIP-794): its weight is the highest load of all, plus one,
     * less its own. Partitions with overdue data are no candidates, nor are others with the same leader, as long as one
     * is left.
     */
    BY_LOAD {
        @Override
        public int choose(PartitionAvailability view, RandomGenerator random) {
            Candidates candidates = Candidates.of(view);
            return candidates == null ? UNIFORM.choose(view, random) : candidates.pick(random);
        }
    };

    /** The partition to go on with. */
    public abstract int choose(PartitionAvailability view, RandomGenerator random);
}
