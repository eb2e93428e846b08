/** Measurements beside kafka-clients. Numbers and how to repeat them: docs/performance.md. */
@NullMarked
package dev.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
