/**
 * A double of a cluster and its producers that needs neither: it keeps what is sent, and ends it as a test says.
 *
 * <p>Everything runs on the thread that sends, or on the one that ends what was held; everything public may be called by any
 * thread. Uses the engine's public API. Described in docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.testkit.recording;

import org.jspecify.annotations.NullMarked;
