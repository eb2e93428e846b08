/**
 * Kafka's record batch, version 2: layout, sizes, variable-length integers, reading.
 *
 * <p>No thread of its own, no state. Uses protocol. Described in docs/protocol.md.
 */
@NullMarked
package dev.millrace.producer.internal.record;

import org.jspecify.annotations.NullMarked;
