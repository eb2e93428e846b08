/**
 * Serializers for applications: objects as JSON, and a choice among serializers by type or by topic.
 *
 * <p>Threads: the thread that calls {@code send}. May use: the engine's {@code serialization} package, and Jackson 3 in
 * {@link dev.millrace.spring.serialization.JsonSerializer} only, which needs it on the class path.
 */
@NullMarked
package dev.millrace.spring.serialization;

import org.jspecify.annotations.NullMarked;
