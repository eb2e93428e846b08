package dev.millrace.samples.orders.order;

/**
 * Somebody has to pay.
 *
 * @param order number of the order
 * @param customer who pays
 * @param cents how much
 */
public record InvoiceIssued(int order, String customer, long cents) {}
