package dev.millrace.spring;

/** A transaction was asked for from a producer that does none. A programming error. */
public class TransactionsNotEnabledException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /** For the producer of this name. */
    public TransactionsNotEnabledException(String producerName) {
        super(
                "Producer '" + producerName + "' has no transaction id prefix; set app.producer.transaction.id-prefix",
                null);
    }
}
