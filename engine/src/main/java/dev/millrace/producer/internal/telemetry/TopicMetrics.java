package dev.millrace.producer.internal.telemetry;

/** What is counted of the records of a topic. Delivery executor. */
final class TopicMetrics {

    final Counter sent = new Counter();
    final Counter bytes = new Counter();
    final Counter retried = new Counter();
    final Counter failed = new Counter();
    final Spread compressionRate = new Spread();

    void report(PointList points) {
        points.rateAndTotal("record-send", sent);
        points.rateAndTotal("byte", bytes);
        points.rateAndTotal("record-retry", retried);
        points.rateAndTotal("record-error", failed);
        points.average("compression-rate", compressionRate);
    }
}
