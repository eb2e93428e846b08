/** Orders and what follows from them. */
@NullMarked
package dev.millrace.samples.orders.order;

import org.jspecify.annotations.NullMarked;
