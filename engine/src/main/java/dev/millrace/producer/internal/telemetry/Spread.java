package dev.millrace.producer.internal.telemetry;

/** Average and maximum of what came since they were last reported. */
final class Spread {

    private double sum;
    private long count;
    private double max = Double.NEGATIVE_INFINITY;

    void add(double value) {
        add(value, 1);
        max = Math.max(max, value);
    }

    /** Several at once, of which only the sum is known: they count for the average. */
    void add(double sumOfThem, long howMany) {
        sum += sumOfThem;
        count += howMany;
    }

    boolean isEmpty() {
        return count == 0;
    }

    double average() {
        return sum / count;
    }

    double max() {
        return max;
    }

    void clear() {
        sum = 0;
        count = 0;
        max = Double.NEGATIVE_INFINITY;
    }
}
