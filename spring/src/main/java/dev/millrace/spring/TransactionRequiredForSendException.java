package dev.millrace.spring;

/** A transactional producer was used outside of any transaction. A programming error: nothing was sent. */
public class TransactionRequiredForSendException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    /**
     * For the producer of this name.
     *
     * @param hint what is special about this moment; empty for nothing
     */
    public TransactionRequiredForSendException(String producerName, String hint) {
        super(
                "Producer '" + producerName
                        + "' is transactional but the current thread has no producer transaction. Use"
                        + " executeInTransaction, a @Transactional method, or set"
                        + " app.producer.template.allow-non-transactional=true" + (hint.isEmpty() ? "" : ". " + hint),
                null);
    }
}
