/**
 * Observations of sends and transactions with Micrometer: traces that go on in the records' headers, and timers. Names follow
 * OpenTelemetry's semantic conventions for messaging, version 1.37, of which the status is "development".
 *
 * <p>Runs on the caller's thread and on the engine's delivery executor. Described in docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.spring.observation;

import org.jspecify.annotations.NullMarked;
