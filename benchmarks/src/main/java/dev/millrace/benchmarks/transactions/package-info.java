/** Transactions under the loss of coordinators and of the sending application: docs/endurance.md. */
@NullMarked
package dev.millrace.benchmarks.transactions;

import org.jspecify.annotations.NullMarked;
