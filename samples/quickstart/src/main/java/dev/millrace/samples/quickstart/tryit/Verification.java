package dev.millrace.samples.quickstart.tryit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was sent with what is in the log. Every order must be acknowledged and be in the log once, where it was
 * acknowledged; in each partition the orders of one sender must be in the order of their numbers. An order whose failure
 * was reported may be in the log or not.
 */
final class Verification {
    private final Map<Long, SentOrder> sent = new HashMap<>();
    private final Map<Long, List<Place>> read = new HashMap<>();
    private final Map<PartitionOfSender, Long> latest = new HashMap<>();
    private final SortedMap<Integer, PartitionCounts> partitions = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();

    private Verification() {}

    /**
     * Compares.
     *
     * @param log what was read, in any order
     */
    static Verdict of(List<SentOrder> sent, List<ReadOrder> log) {
        Verification verification = new Verification();
        sent.forEach(order -> verification.sent.put(order.number(), order));
        log.stream()
                .sorted(Comparator.comparingInt(
                                (ReadOrder order) -> order.place().partition())
                        .thenComparingLong(order -> order.place().offset()))
                .forEach(verification::check);
        sent.forEach(verification::check);
        return new Verdict(verification.partitions, List.copyOf(verification.differences));
    }

    private void check(ReadOrder order) {
        PartitionCounts counts = counts(order.place().partition());
        counts.readBack++;
        SentOrder origin = sent.get(order.number());
        if (origin == null) {
            differences.add("unknown: order " + order.number() + " was never sent, read at " + order.place());
            return;
        }
        List<Place> places = read.computeIfAbsent(order.number(), number -> new ArrayList<>());
        places.add(order.place());
        if (places.size() > 1) {
            counts.doubled++;
            differences.add(
                    "doubled: order " + order.number() + " is at " + places.get(0) + " and at " + order.place());
        } else {
            checkOrder(origin, order.place(), counts);
        }
    }

    private void checkOrder(SentOrder order, Place place, PartitionCounts counts) {
        PartitionOfSender sequence = new PartitionOfSender(place.partition(), order.sender());
        Long before = latest.get(sequence);
        if (before != null && order.number() < before) {
            counts.outOfOrder++;
            differences.add("out of order: order " + order.number() + " is at " + place + ", after order " + before
                    + " which was sent later");
        } else {
            latest.put(sequence, order.number());
        }
    }

    private void check(SentOrder order) {
        PartitionCounts counts = counts(order.partition());
        counts.sent++;
        List<Place> places = read.getOrDefault(order.number(), List.of());
        Place acknowledged = order.acknowledged();
        if (acknowledged != null) {
            counts.acknowledged++;
            checkPlace(order, acknowledged, places, counts);
        } else if (order.failure() != null) {
            differences.add("failed: order " + order.number() + " (" + order.way() + "): " + order.failure());
            return;
        } else {
            differences.add("unanswered: order " + order.number() + " (" + order.way() + ") was neither acknowledged"
                    + " nor failed");
        }
        if (places.isEmpty()) {
            counts.missing++;
            differences.add("missing: order " + order.number() + " (" + order.way() + ") is nowhere, acknowledged at "
                    + text(acknowledged));
        }
    }

    private void checkPlace(SentOrder order, Place acknowledged, List<Place> places, PartitionCounts counts) {
        if (!places.isEmpty() && places.stream().noneMatch(acknowledged::matches)) {
            counts.wrongPlace++;
            differences.add("wrong place: order " + order.number() + " was acknowledged at " + acknowledged
                    + " and is at " + places.get(0));
        }
    }

    private PartitionCounts counts(int partition) {
        return partitions.computeIfAbsent(partition, absent -> new PartitionCounts());
    }

    private static String text(@Nullable Place place) {
        return place == null ? "no place" : place.toString();
    }

    private record PartitionOfSender(int partition, String sender) {}
}
