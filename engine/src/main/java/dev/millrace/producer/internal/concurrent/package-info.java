/**
 * How threads reach each other: the event loop as the core sees it, the wake-up signal, the delivery of completions.
 *
 * <p>Any thread. Uses {@code time}. Described in docs/architecture.md, Threads.
 */
@NullMarked
package dev.millrace.producer.internal.concurrent;

import org.jspecify.annotations.NullMarked;
