package dev.millrace.samples.transactions.shop;

/** The records' values. */
final class Wording {
    private Wording() {}

    static String order(int number, NewOrder order) {
        return "order " + number + " by " + order.customer() + ": " + order.item();
    }

    static String payment(int number, NewOrder order) {
        return "payment of " + order.customer() + " for order " + number;
    }
}
