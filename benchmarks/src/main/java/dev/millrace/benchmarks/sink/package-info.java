/**
 * A broker that keeps nothing: what a producer sends to it costs next to nothing on the other side. One thread serves any
 * number of nodes. Described in docs/performance.md.
 */
@NullMarked
package dev.millrace.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
