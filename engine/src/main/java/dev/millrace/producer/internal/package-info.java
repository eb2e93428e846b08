/**
 * The assembly: the only place that builds the engine's parts and connects them.
 *
 * <p>Any thread. Uses everything. Described in docs/architecture.md, Assembly.
 */
@NullMarked
package dev.millrace.producer.internal;

import org.jspecify.annotations.NullMarked;
