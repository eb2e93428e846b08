package dev.millrace.producer.internal.telemetry;

/**
 * A number that a metric has at one moment.
 *
 * @param scope what is measured
 * @param name the metric's whole name, such as {@code org.apache.kafka.producer.record.send.total}
 * @param kind how numbers of this metric are added up
 * @param subject which node or topic; empty for the producer
 * @param value the number
 */
record MetricPoint(Scope scope, String name, Kind kind, String subject, double value) {

    /** How numbers of a metric are added up. */
    enum Kind {
        /** Not at all: a state, an average, a rate. */
        GAUGE,
        /** It only grows. */
        SUM
    }

    /** What is measured: a group of metrics of the reference. */
    enum Scope {
        /** All of the producer: {@code producer-metrics}. */
        PRODUCER("org.apache.kafka.producer.", ""),
        /** What goes to one node: {@code producer-node-metrics}. */
        NODE("org.apache.kafka.producer.node.", "node_id"),
        /** What goes to one topic: {@code producer-topic-metrics}. */
        TOPIC("org.apache.kafka.producer.topic.", "topic");

        private final String prefix;
        private final String attribute;

        Scope(String prefix, String attribute) {
            this.prefix = prefix;
            this.attribute = attribute;
        }

        /** The whole name of a metric, from its name in the reference such as {@code record-send-total} (KIP-714). */
        String nameOf(String metric) {
            return prefix + metric.replace('-', '.');
        }

        /** What the subject is called; empty where there is none. */
        String attribute() {
            return attribute;
        }
    }
}
