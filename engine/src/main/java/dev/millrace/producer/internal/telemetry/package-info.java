/**
 * Metrics that the cluster asks for and is sent: client telemetry (KIP-714), without metrics of the application's own
 * (KIP-1076).
 *
 * <p>The state is confined to the event loop, the counting to the delivery executor; bytes are made on the compression
 * threads. Uses {@code metadata}, {@code network}, {@code record}, {@code protocol}, {@code compression},
 * {@code concurrent}, {@code time}. Described in docs/architecture.md, Telemetry.
 */
@NullMarked
package dev.millrace.producer.internal.telemetry;

import org.jspecify.annotations.NullMarked;
