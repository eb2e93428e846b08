/**
 * User code that chooses the partition of a record that names none.
 *
 * <p>Callers' threads; see {@link dev.millrace.producer.partitioning.Partitioner}. Uses the API. Described in
 * docs/architecture.md, Partitioning.
 */
@NullMarked
package dev.millrace.producer.partitioning;

import org.jspecify.annotations.NullMarked;
