/**
 * Transactions: their states, what answers mean for them, the coordinators, and what a transaction consists of.
 *
 * <p>Described in docs/architecture.md, Transactions.
 */
@NullMarked
package dev.millrace.producer.internal.transaction;

import org.jspecify.annotations.NullMarked;
