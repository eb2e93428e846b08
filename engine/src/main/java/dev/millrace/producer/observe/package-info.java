/**
 * What an application can see of a producer at work: events as they happen, and a snapshot of the whole pipeline.
 *
 * <p>Any thread. Described in docs/architecture.md, Observing the pipeline.
 */
@NullMarked
package dev.millrace.producer.observe;

import org.jspecify.annotations.NullMarked;
