/**
 * Kafka's messages, one file each, in all versions this engine speaks and in both directions.
 *
 * <p>No thread of its own, no state. Uses the primitive encodings of the package above. Described in docs/protocol.md.
 */
@NullMarked
package dev.millrace.producer.internal.protocol.message;

import org.jspecify.annotations.NullMarked;
