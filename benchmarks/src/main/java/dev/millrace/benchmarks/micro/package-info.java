/**
 * Single parts of a record's way under JMH, and what they may cost. Described in docs/performance.md.
 */
@NullMarked
package dev.millrace.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
