/**
 * Table and plots from raw results. Described in docs/performance.md.
 */
@NullMarked
package dev.millrace.benchmarks.report;

import org.jspecify.annotations.NullMarked;
