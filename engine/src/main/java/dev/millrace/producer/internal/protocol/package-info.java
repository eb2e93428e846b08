/**
 * Kafka's wire format: API keys and versions, primitive encodings, headers.
 *
 * <p>No thread of its own, no state. Uses nothing. Described in docs/protocol.md.
 */
@NullMarked
package dev.millrace.producer.internal.protocol;

import org.jspecify.annotations.NullMarked;
