package dev.millrace.spring.observation;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.SendOperation;
import dev.millrace.spring.observation.ProducerObservation.SendLowCardinalityKey;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A send under observation. Its scope is open while interceptors and serializers run. It stops before the caller's future
 * completes, so what is chained to that has an observation of its own, within which the same trace goes on: the scope of
 * one that has stopped must not be open.
 */
final class ObservedSend<K extends @Nullable Object, V extends @Nullable Object> implements SendOperation<K, V> {

    private static final Observation.Event NO_SPACE = Observation.Event.of("no buffer space");

    private final ProducerObservations owner;
    private final Observation observation;
    private final ProducerSendContext context;
    private final ProducerRecord<K, V> record;

    ObservedSend(
            ProducerObservations owner,
            Observation observation,
            ProducerSendContext context,
            ProducerRecord<K, V> record) {
        this.owner = owner;
        this.observation = observation;
        this.context = context;
        TraceHeaders headers = context.getCarrier();
        this.record =
                headers == null || headers.isEmpty() ? record : record.withHeaders(headers.addTo(record.headers()));
    }

    @Override
    public ProducerRecord<K, V> record() {
        return record;
    }

    @Override
    public void runSend(Runnable send) {
        try (InScope scope = InScope.of(owner, observation)) {
            scope.run(send);
        }
    }

    @Override
    public void refused() {
        guard(() -> {
            observation.event(NO_SPACE);
            observation.stop();
        });
    }

    @Override
    public void stop(@Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        guard(() -> {
            if (metadata != null) {
                context.setMetadata(metadata);
            }
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        });
    }

    @Override
    public void runContinuations(Runnable completion) {
        Observation callback = startCallback();
        try (InScope scope = InScope.of(owner, callback)) {
            scope.run(completion);
        }
        guard(callback::stop);
    }

    private Observation startCallback() {
        try {
            return Observation.createNotStarted(
                            String.valueOf(ProducerObservation.CALLBACK.getName()), owner.registry())
                    .contextualName("callback " + context.getRecord().topic())
                    .lowCardinalityKeyValue(SendLowCardinalityKey.PRODUCER_NAME.withValue(context.getProducerName()))
                    .lowCardinalityKeyValue(SendLowCardinalityKey.DESTINATION_NAME.withValue(
                            context.getRecord().topic()))
                    .parentObservation(observation)
                    .start();
        } catch (RuntimeException broken) {
            owner.tellFailure(broken);
            return Observation.NOOP;
        }
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException broken) {
            owner.tellFailure(broken);
        }
    }

    /** A scope that is as good as it can be had: what handlers throw must not keep a record from being sent. */
    private record InScope(ProducerObservations owner, Observation.Scope scope) implements AutoCloseable {

        static InScope of(ProducerObservations owner, Observation observation) {
            try {
                return new InScope(owner, observation.openScope());
            } catch (RuntimeException broken) {
                owner.tellFailure(broken);
                return new InScope(owner, Observation.Scope.NOOP);
            }
        }

        void run(Runnable task) {
            task.run();
        }

        @Override
        public void close() {
            try {
                scope.close();
            } catch (RuntimeException broken) {
                owner.tellFailure(broken);
            }
        }
    }
}
