package dev.millrace.samples.quickstart.shop;

import java.math.BigDecimal;

/**
 * The event: an order was placed.
 *
 * @param id the shop's name for the order
 * @param customer who ordered; also the record's key, so that the orders of a customer stay in order
 * @param item what was ordered
 * @param quantity how many
 * @param amount what all of it costs
 */
public record Order(String id, String customer, String item, int quantity, BigDecimal amount) {}
