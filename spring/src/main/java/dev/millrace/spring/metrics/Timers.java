package dev.millrace.spring.metrics;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One timer in each registry of a group, with the histogram an application configures there. */
final class Timers {

    private final List<Timer> timers = new CopyOnWriteArrayList<>();

    Timers(MeterGroup group, String name, String what, Tags tags) {
        group.define(registry -> {
            Timer timer = Timer.builder(name).description(what).tags(tags).register(registry);
            timers.add(timer);
            return timer;
        });
    }

    void record(long nanos) {
        record(nanos, 1);
    }

    /** The same for each of so many. */
    void record(long nanos, int times) {
        for (Timer timer : timers) {
            for (int i = 0; i < times; i++) {
                timer.record(nanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
