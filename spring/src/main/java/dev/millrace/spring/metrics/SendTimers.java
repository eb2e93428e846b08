package dev.millrace.spring.metrics;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.spring.observation.ProducerObservation;
import dev.millrace.spring.observation.ProducerObservation.SendLowCardinalityKey;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The timer of sends, for applications that do not observe them: with the name and the tags Micrometer gives to the timer it
 * makes of the observation, so that dashboards need not know which of the two there is.
 *
 * <p>Each record counts with the time of its batch, which is measured once: a clock for each costs more than the rest.
 */
final class SendTimers {

    /** Micrometer's key for what an observation failed with, and its value for nothing. */
    private static final String ERROR = "error";

    private static final String NONE = "none";

    private final MeterGroup group;
    private final Tags tags;
    private final Map<Key, Timers> timers = new ConcurrentHashMap<>();

    SendTimers(MeterGroup group, Tags commonTags, String producerName) {
        this.group = group;
        this.tags = commonTags.and(
                SendLowCardinalityKey.SYSTEM.asString(),
                "kafka",
                SendLowCardinalityKey.OPERATION_NAME.asString(),
                "send",
                SendLowCardinalityKey.OPERATION_TYPE.asString(),
                "send",
                SendLowCardinalityKey.PRODUCER_NAME.asString(),
                producerName);
    }

    void batchEnded(BatchEnd batch) {
        timers(batch.partition().topic(), batch.failure()).record(batch.times().totalNanos(), batch.records());
    }

    void recordRefused(RecordRefusal refusal) {
        timers(refusal.topic(), refusal.failure()).record(0, 1);
    }

    private Timers timers(String topic, @Nullable ProducerException failure) {
        Key key = new Key(topic, failure == null ? NONE : failure.getClass().getSimpleName());
        Timers known = timers.get(key);
        return known != null ? known : timers.computeIfAbsent(key, this::newTimers);
    }

    private Timers newTimers(Key key) {
        return new Timers(
                group,
                Objects.requireNonNull(ProducerObservation.SEND.getName()),
                "Time from a send to the end of its batch.",
                tags.and(SendLowCardinalityKey.DESTINATION_NAME.asString(), key.topic(), ERROR, key.error()));
    }

    private record Key(String topic, String error) {}
}
