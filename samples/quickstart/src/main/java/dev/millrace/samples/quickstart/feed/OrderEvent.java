package dev.millrace.samples.quickstart.feed;

import dev.millrace.samples.quickstart.shop.Order;

/** An order and where it was read. */
record OrderEvent(int partition, long offset, Order order) {}
