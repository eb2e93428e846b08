package dev.millrace.samples.quickstart.tryit;

/** An order in the log. */
record ReadOrder(long number, Place place) {}
