/** The shop: orders become records. */
@NullMarked
package dev.millrace.samples.observability.shop;

import org.jspecify.annotations.NullMarked;
