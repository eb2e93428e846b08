/**
 * Chooses the partition of a record that names none: by the hash of its key, in turn, or one partition for a while.
 *
 * <p>Callers' threads, without a lock. Uses nothing. Described in docs/architecture.md, Partitioning.
 */
@NullMarked
package dev.millrace.producer.internal.partitioning;

import org.jspecify.annotations.NullMarked;
