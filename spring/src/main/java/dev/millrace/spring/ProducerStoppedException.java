package dev.millrace.spring;

/**
 * The producer is stopped: its application context closes or is closed. A send that comes too late is no mistake of the
 * program's, as nobody knows when that begins; so this is told through the future, as the cause of a
 * {@link SendFailedException}.
 */
public class ProducerStoppedException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    ProducerStoppedException(String producerName, IllegalStateException refusal) {
        super("Producer '" + producerName + "' is stopped", refusal);
    }
}
