package dev.millrace.samples.orders.order;

/** The shop does not want the order. */
public class OrderRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what the customer is told. */
    public OrderRefusedException(String message) {
        super(message);
    }
}
