/**
 * What is measured beside whom, and the processes that do it. Described in docs/performance.md.
 */
@NullMarked
package dev.millrace.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
