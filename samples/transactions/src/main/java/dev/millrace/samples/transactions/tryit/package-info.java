/** A run that places an order for each way it can end, and ends by itself. */
@NullMarked
package dev.millrace.samples.transactions.tryit;

import org.jspecify.annotations.NullMarked;
