/** A command that publishes the lines of a file or of standard input. */
@NullMarked
package dev.millrace.samples.pipe;

import org.jspecify.annotations.NullMarked;
