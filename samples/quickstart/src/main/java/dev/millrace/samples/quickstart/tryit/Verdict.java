package dev.millrace.samples.quickstart.tryit;

import java.util.List;
import java.util.SortedMap;

/**
 * What the comparison found.
 *
 * @param partitions a row for each partition; -1 has the orders that were not acknowledged anywhere
 * @param differences one sentence each, empty if all is well
 */
record Verdict(SortedMap<Integer, PartitionCounts> partitions, List<String> differences) {
    boolean isGood() {
        return differences.isEmpty();
    }
}
