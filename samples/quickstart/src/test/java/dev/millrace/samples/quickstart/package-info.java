/** Tests of the quickstart. */
@NullMarked
package dev.millrace.samples.quickstart;

import org.jspecify.annotations.NullMarked;
