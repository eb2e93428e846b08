package dev.millrace.benchmarks.transactions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was reported against what was seen. */
final class Verdict {

    private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
    private final List<String> violations = new ArrayList<>();
    private final Seen seen;
    private long transactions;
    private long openSeen;

    private Verdict(Seen seen) {
        this.seen = seen;
    }

    /**
     * Compares.
     *
     * @param expected how many transactions each worker had to begin
     * @param reported the last fate of each transaction, by worker and number
     * @param offsets the offset of each worker's group
     */
    static Verdict of(int expected, Map<Integer, Map<Integer, Fate>> reported, Seen seen, Map<Integer, Long> offsets) {
        Verdict verdict = new Verdict(seen);
        reported.forEach((worker, fates) -> {
            if (fates.size() != expected) {
                verdict.violations.add("worker " + worker + " began " + fates.size() + " of " + expected);
            }
            fates.forEach((number, fate) -> verdict.judge(worker, number, fate));
            verdict.judgeOffset(worker, offsets.getOrDefault(worker, 0L));
        });
        if (seen.transactions() > verdict.transactions) {
            verdict.violations.add("more transactions were seen than begun: " + seen.transactions());
        }
        if (seen.doubled() > 0) {
            verdict.violations.add(seen.doubled() + " records were seen twice");
        }
        if (seen.disordered() > 0) {
            verdict.violations.add(seen.disordered() + " records are out of order");
        }
        return verdict;
    }

    boolean isGood() {
        return violations.isEmpty();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** How many ended so. */
    long count(Fate fate) {
        return fates.getOrDefault(fate, 0L);
    }

    /** The counts as fields of a JSON object. */
    String toJsonFields() {
        return String.format(
                Locale.ROOT,
                "\"begun\":%d,\"committed\":%d,\"aborted\":%d,\"fenced\":%d,\"openAtDeath\":%d,\"openSeen\":%d,"
                        + "\"seen\":%d,\"records\":%d,\"doubled\":%d,\"outOfOrder\":%d,\"violations\":%d",
                transactions,
                count(Fate.COMMITTED),
                count(Fate.ABORTED),
                count(Fate.FENCED),
                count(Fate.BEGUN) + count(Fate.UNKNOWN),
                openSeen,
                seen.transactions(),
                seen.records(),
                seen.doubled(),
                seen.disordered(),
                violations.size());
    }

    private void judge(int worker, int number, Fate fate) {
        transactions++;
        fates.merge(fate, 1L, Long::sum);
        boolean any = seen.any(worker, number);
        boolean all = seen.all(worker, number);
        if (any && !all) {
            violations.add("seen in part: worker " + worker + " transaction " + number + " " + fate);
        } else if (fate == Fate.COMMITTED && !all) {
            violations.add("committed and not seen: worker " + worker + " transaction " + number);
        } else if (fate == Fate.ABORTED && any) {
            violations.add("aborted and seen: worker " + worker + " transaction " + number);
        } else if (fate == Fate.FENCED) {
            violations.add("fenced by nobody: worker " + worker + " transaction " + number);
        } else if (fate.isOpen() && all) {
            openSeen++;
        }
    }

    private void judgeOffset(int worker, long offset) {
        int last = seen.lastWithOffsets(worker);
        if (offset != last + 1) {
            violations.add("the group of worker " + worker + " has the offset " + offset
                    + ", and the last transaction with offsets is " + last);
        }
    }
}
