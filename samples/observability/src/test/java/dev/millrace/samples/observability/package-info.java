/** Tests of the shop. */
@NullMarked
package dev.millrace.samples.observability;

import org.jspecify.annotations.NullMarked;
