/**
 * The process under measurement: one candidate, one workload, one line of JSON. Described in docs/performance.md.
 */
@NullMarked
package dev.millrace.benchmarks.run;

import org.jspecify.annotations.NullMarked;
