/** Tests of the comparison. */
@NullMarked
package dev.millrace.samples.quickstart.tryit;

import org.jspecify.annotations.NullMarked;
