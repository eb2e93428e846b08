package dev.millrace.samples.orders.order;

/**
 * A customer has ordered something.
 *
 * @param number from 1
 * @param customer who pays
 * @param item what it is
 * @param cents what it costs
 */
public record OrderPlaced(int number, String customer, String item, long cents) {}
