/** Tests of the orders. */
@NullMarked
package dev.millrace.samples.orders;

import org.jspecify.annotations.NullMarked;
