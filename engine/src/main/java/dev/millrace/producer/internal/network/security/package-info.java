/**
 * TLS and SASL of the connections: what is put in front of frames, and the exchange by which a client proves who it is.
 *
 * <p>Event loop; loading of keys and other work that may wait runs on threads of the cluster's own. Uses concurrent,
 * protocol and time. Described in docs/architecture.md, Security.
 */
@NullMarked
package dev.millrace.producer.internal.network.security;

import org.jspecify.annotations.NullMarked;
