/**
 * The codecs of record batches: a whole batch's records in one shot, and back. Each optional library is used by one class.
 *
 * <p>Any thread. Uses nothing of the engine. Described in docs/architecture.md, Compression.
 */
@NullMarked
package dev.millrace.producer.internal.compression;

import org.jspecify.annotations.NullMarked;
