/** A web shop that publishes its orders. */
@NullMarked
package dev.millrace.samples.quickstart;

import org.jspecify.annotations.NullMarked;
