/** The run that ends by itself: places orders and prints what can be seen of them. */
@NullMarked
package dev.millrace.samples.observability.tryit;

import org.jspecify.annotations.NullMarked;
