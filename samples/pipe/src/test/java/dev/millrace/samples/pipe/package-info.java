/** Tests of the pipe. */
@NullMarked
package dev.millrace.samples.pipe;

import org.jspecify.annotations.NullMarked;
