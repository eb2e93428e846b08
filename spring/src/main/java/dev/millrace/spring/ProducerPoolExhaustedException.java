package dev.millrace.spring;

import java.time.Duration;

/** As many transactions run as there may be producers, and none ended in time. */
public class ProducerPoolExhaustedException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** With the bound that was hit, and what would help. */
    public ProducerPoolExhaustedException(
            String producerName, Duration waited, int maxProducers, int inUse, String remedy) {
        super(
                "No transactional producer of '" + producerName + "' became free within " + waited.toMillis()
                        + " ms (max-producers=" + maxProducers + ", in use=" + inUse + "); " + remedy,
                null);
    }
}
