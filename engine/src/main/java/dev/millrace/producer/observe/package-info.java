/**
 * What an application can hear of a producer at work. What it can see is in {@link dev.millrace.producer.PipelineSnapshot}.
 *
 * <p>Any thread. Described in docs/architecture.md, Observing the pipeline.
 */
@NullMarked
package dev.millrace.producer.observe;

import org.jspecify.annotations.NullMarked;
