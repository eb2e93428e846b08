package dev.millrace.samples.transactions.shop;

/** The shop does not want this order. */
public class OrderRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OrderRefusedException(String reason) {
        super(reason);
    }
}
