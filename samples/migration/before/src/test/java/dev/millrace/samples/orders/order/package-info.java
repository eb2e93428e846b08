/** Tests of parts, without a broker. */
@NullMarked
package dev.millrace.samples.orders.order;

import org.jspecify.annotations.NullMarked;
