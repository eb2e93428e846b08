/**
 * What is known of the cluster: the immutable snapshot, its refreshes, bootstrap and re-bootstrap.
 *
 * <p>Refreshes run on the event loop; snapshots are read by any thread. Uses {@code network}, {@code protocol},
 * {@code concurrent}, {@code time}. Described in docs/architecture.md, Metadata.
 */
@NullMarked
package dev.millrace.producer.internal.metadata;

import org.jspecify.annotations.NullMarked;
