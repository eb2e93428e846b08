/**
 * What a producer proves itself with and whom it trusts: TLS material, credentials and tokens, and where each of them
 * comes from while it changes.
 *
 * <p>Sources and suppliers are called on threads of their own, never on the event loop. Described in
 * docs/architecture.md, Security.
 */
@NullMarked
package dev.millrace.producer.security;

import org.jspecify.annotations.NullMarked;
