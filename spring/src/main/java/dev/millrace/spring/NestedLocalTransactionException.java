package dev.millrace.spring;

/** A local transaction was begun within another one of the same template. A programming error: nothing was begun. */
public class NestedLocalTransactionException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** For the producer of this name. */
    public NestedLocalTransactionException(String producerName) {
        super("executeInTransaction is already running on this thread for producer '" + producerName + "'", null);
    }
}
