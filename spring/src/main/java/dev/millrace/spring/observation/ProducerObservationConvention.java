package dev.millrace.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Name and keys of the observation of a send. A bean of this type replaces the default. */
public interface ProducerObservationConvention extends ObservationConvention<ProducerSendContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProducerSendContext;
    }
}
