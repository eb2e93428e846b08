/**
 * Connections to brokers: the transport seam, negotiation, requests in flight, reconnects.
 *
 * <p>Confined to the event loop. Uses {@code protocol}, {@code concurrent}, {@code time}. Described in
 * docs/architecture.md, Connections.
 */
@NullMarked
package dev.millrace.producer.internal.network;

import org.jspecify.annotations.NullMarked;
