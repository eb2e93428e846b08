package dev.millrace.samples.transactions.shop;

/** What a customer wants. */
public record NewOrder(String customer, String item) {}
