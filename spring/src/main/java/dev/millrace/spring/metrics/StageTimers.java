package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.StageTimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where the time of batches goes; a stage that a batch did not need is not recorded. */
final class StageTimers {

    private static final String STAGE = "app.producer.stage";
    private static final String DELIVERY = "app.producer.delivery";
    private static final String STAGE_TEXT = "Time batches spend in a stage.";
    private static final String DELIVERY_TEXT = "Time from the first record of a batch to the end of its callbacks.";

    private final Timers metadata;
    private final Timers linger;
    private final Timers queue;
    private final Timers inFlight;
    private final Timers retry;
    private final Timers callback;
    private final Timers delivered;
    private final Timers failed;
    private final List<Counter> engineErrors = new CopyOnWriteArrayList<>();

    StageTimers(MeterNames names) {
        MeterGroup group = names.group();
        Tags tags = names.ownTags();
        metadata = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "metadata"));
        linger = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "linger"));
        queue = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "queue"));
        inFlight = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "in-flight"));
        retry = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "retry"));
        callback = new Timers(group, STAGE, STAGE_TEXT, tags.and("stage", "callback"));
        delivered = new Timers(group, DELIVERY, DELIVERY_TEXT, tags.and("result", "success"));
        failed = new Timers(group, DELIVERY, DELIVERY_TEXT, tags.and("result", "failure"));
        group.define(registry -> {
            Counter counter = Counter.builder("app.producer.engine.errors")
                    .description("Errors of the engine's own making.")
                    .baseUnit("errors")
                    .tags(tags)
                    .register(registry);
            engineErrors.add(counter);
            return counter;
        });
    }

    void batchEnded(BatchEnd batch) {
        StageTimes times = batch.times();
        record(metadata, times.metadataNanos());
        record(linger, times.lingerNanos());
        record(queue, times.queueNanos());
        record(inFlight, times.inFlightNanos());
        if (batch.attempts() > 1 || batch.failure() != null) { // else it is the moment between answer and outcome
            record(retry, times.retryNanos());
        }
        record(callback, times.callbackNanos());
        (batch.failure() == null ? delivered : failed).record(times.totalNanos());
    }

    void engineFailed() {
        engineErrors.forEach(Counter::increment);
    }

    private static void record(Timers stage, long nanos) {
        if (nanos > 0) {
            stage.record(nanos);
        }
    }
}
