/**
 * The caller's side of a producer: from {@code send} to the accumulator, records that wait for their topic, flush, close.
 *
 * <p>Runs on callers' threads, and on the event loop where a method says so. Uses all packages below. Described in
 * docs/architecture.md, The path of a record.
 */
@NullMarked
package dev.millrace.producer.internal.client;

import org.jspecify.annotations.NullMarked;
