/**
 * Assertions about what was sent, in the manner of AssertJ, which a test that uses them brings.
 *
 * <p>Runs on the thread of the test. Uses what the package {@code dev.millrace.testkit} has of records. Described in
 * docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.testkit.assertion;

import org.jspecify.annotations.NullMarked;
