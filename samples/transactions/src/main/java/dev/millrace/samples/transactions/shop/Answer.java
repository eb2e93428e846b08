package dev.millrace.samples.transactions.shop;

import java.util.List;

/**
 * What the customer was told, and what there is afterwards.
 *
 * @param told by the shop
 * @param books what database and consumers see
 */
public record Answer(String told, Books books) {

    /**
     * Both sides of the books.
     *
     * @param database the orders in the database
     * @param orders what a reader of committed records sees in the topic of the orders
     * @param payments as {@code orders}, in the topic of the payments
     */
    public record Books(List<String> database, List<String> orders, List<String> payments) {}
}
