package dev.millrace.samples.orders.order;

/**
 * An item has another price.
 *
 * @param item what it is
 * @param cents what it costs from now on
 */
public record PriceChanged(String item, long cents) {}
