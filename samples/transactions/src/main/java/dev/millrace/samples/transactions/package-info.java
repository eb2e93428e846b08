/** A shop whose orders are in the database and in Kafka, or in neither. */
@NullMarked
package dev.millrace.samples.transactions;

import org.jspecify.annotations.NullMarked;
