/** A shop whose producer shows itself. */
@NullMarked
package dev.millrace.samples.observability;

import org.jspecify.annotations.NullMarked;
