package dev.millrace.benchmarks.sink;

/**
 * How the sink behaves.
 *
 * @param strict whether every batch is read and judged
 * @param spin whether its thread looks for requests all the time instead of waiting for them
 * @param delayNanos how long each answer is held back
 */
record SinkSettings(boolean strict, boolean spin, long delayNanos) {}
