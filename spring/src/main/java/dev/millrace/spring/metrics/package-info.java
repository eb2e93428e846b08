/**
 * Metrics of the producers of a factory, in Micrometer's registries: those of Kafka's own producer under the names Micrometer
 * gives them, and what only this engine knows.
 *
 * <p>Events are counted on the engine's delivery executor, once for a batch or a request; registries read on threads of
 * their own. The names are those of docs/metrics.md.
 *
 * <p>Described in docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.spring.metrics;

import org.jspecify.annotations.NullMarked;
