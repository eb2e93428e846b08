package dev.millrace.benchmarks.transactions;

import java.util.HashMap;
import java.util.Map;

/** What a reader of committed data saw: for each transaction a bit for each record. */
final class Seen {

    private static final int ALL = (1 << SentRecord.PER_TRANSACTION) - 1;

    private final Map<Integer, Map<Integer, Integer>> bits = new HashMap<>();
    private final Map<String, SentRecord> last = new HashMap<>();
    private long records;
    private long doubled;
    private long disordered;

    /** The next record of a partition. */
    void read(String partition, SentRecord record) {
        records++;
        Map<Integer, Integer> ofWorker = bits.computeIfAbsent(record.worker(), worker -> new HashMap<>());
        int before = ofWorker.getOrDefault(record.number(), 0);
        int bit = 1 << record.index();
        if ((before & bit) != 0) {
            doubled++;
        }
        ofWorker.put(record.number(), before | bit);
        SentRecord earlier = last.put(partition + " " + record.worker(), record);
        if (earlier != null && isBefore(record, earlier)) {
            disordered++;
        }
    }

    /** Whether any record of the transaction was seen. */
    boolean any(int worker, int number) {
        return bits(worker, number) != 0;
    }

    /** Whether every record of the transaction was seen. */
    boolean all(int worker, int number) {
        return bits(worker, number) == ALL;
    }

    /** The last transaction of a worker that carries offsets and was seen, or -1. */
    int lastWithOffsets(int worker) {
        return bits.getOrDefault(worker, Map.of()).keySet().stream()
                .filter(SendingWorker::hasOffsets)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(-1);
    }

    /** How many transactions were seen, in whole or in part. */
    long transactions() {
        return bits.values().stream().mapToLong(Map::size).sum();
    }

    long records() {
        return records;
    }

    /** Records that were seen more than once. */
    long doubled() {
        return doubled;
    }

    /** Records that stand behind a later one of the same worker in their partition. */
    long disordered() {
        return disordered;
    }

    private int bits(int worker, int number) {
        return bits.getOrDefault(worker, Map.of()).getOrDefault(number, 0);
    }

    private static boolean isBefore(SentRecord record, SentRecord other) {
        return record.number() != other.number() ? record.number() < other.number() : record.index() < other.index();
    }
}
