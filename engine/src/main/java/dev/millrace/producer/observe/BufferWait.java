package dev.millrace.producer.observe;

/**
 * A send waited for buffer memory.
 *
 * @param topic where its record goes
 * @param waitedNanos how long
 * @param granted whether it got the memory in the end
 */
public record BufferWait(String topic, long waitedNanos, boolean granted) {}
