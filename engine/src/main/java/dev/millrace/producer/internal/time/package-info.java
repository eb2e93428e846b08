/**
 * Clocks, deadlines and backoff; nothing here knows what time is used for.
 *
 * <p>Any thread. Uses nothing. Described in docs/architecture.md, Time.
 */
@NullMarked
package dev.millrace.producer.internal.time;

import org.jspecify.annotations.NullMarked;
