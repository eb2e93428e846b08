/** Reads the published orders with the reference consumer and shows them to whoever listens. */
@NullMarked
package dev.millrace.samples.quickstart.feed;

import org.jspecify.annotations.NullMarked;
