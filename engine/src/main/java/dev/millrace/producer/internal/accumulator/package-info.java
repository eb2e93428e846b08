/**
 * Accepted records until they are drained: buffer memory, a queue for each partition, batches and their completions.
 *
 * <p>Callers append under the lock of a partition queue; the event loop drains. Uses {@code record},
 * {@code concurrent}, {@code time}. Described in docs/architecture.md, Accumulator.
 */
@NullMarked
package dev.millrace.producer.internal.accumulator;

import org.jspecify.annotations.NullMarked;
