/**
 * Producer identity and sequence numbers, by which a broker recognises a batch it already has.
 *
 * <p>Confined to the event loop. Uses {@code network}, {@code metadata}, {@code protocol}, {@code concurrent},
 * {@code time}. Described in docs/architecture.md, Idempotence.
 */
@NullMarked
package dev.millrace.producer.internal.idempotence;

import org.jspecify.annotations.NullMarked;
