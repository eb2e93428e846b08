/** What all records of the application have in common. */
@NullMarked
package dev.millrace.samples.orders.publish;

import org.jspecify.annotations.NullMarked;
