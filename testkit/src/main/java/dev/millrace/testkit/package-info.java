/**
 * A fake Kafka cluster for tests: real sockets, a log that can be read back, and faults on demand.
 *
 * <p>One daemon thread per cluster serves all its nodes; everything public may be called by any thread. Uses the engine's
 * codec, run backwards, and therefore never proves that bytes are right. Described in docs/architecture.md.
 */
@NullMarked
package dev.millrace.testkit;

import org.jspecify.annotations.NullMarked;
