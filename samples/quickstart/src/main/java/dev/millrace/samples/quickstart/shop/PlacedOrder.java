package dev.millrace.samples.quickstart.shop;

/** The answer to a placed order: its id and where its event is. */
record PlacedOrder(String orderId, String topic, int partition, long offset) {}
