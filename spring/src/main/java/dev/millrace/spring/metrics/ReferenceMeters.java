package dev.millrace.spring.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import java.util.function.DoubleSupplier;

/**
 * Names and kinds of meters as Micrometer's binder gives them to the metrics of Kafka's own producer: {@code kafka.}, the group
 * without {@code -metrics}, the name with dots; what ends with {@code total} is a counter, everything else a gauge, none
 * has a base unit.
 */
final class ReferenceMeters {

    private final MeterGroup group;
    private final String prefix;
    private final Tags tags;

    /** In one group of the reference, {@code kafka.producer.} for example. */
    ReferenceMeters(MeterGroup group, String prefix, Tags tags) {
        this.group = group;
        this.prefix = prefix;
        this.tags = tags;
    }

    void rateAndTotal(String name, String what, Tally tally) {
        gauge(name + ".rate", what + " per second", tally::perSecond);
        total(name + ".total", what, tally::total);
    }

    void averageAndMax(String name, String what, Spread spread) {
        gauge(name + ".avg", what + ", on average", spread::average);
        gauge(name + ".max", what + ", at most", spread::max);
    }

    void total(String name, String what, DoubleSupplier value) {
        group.define(registry -> FunctionCounter.builder(prefix + name, value, DoubleSupplier::getAsDouble)
                .description(what)
                .tags(tags)
                .register(registry));
    }

    void gauge(String name, String what, DoubleSupplier value) {
        group.define(registry -> Gauge.builder(prefix + name, value, DoubleSupplier::getAsDouble)
                .description(what)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }
}
