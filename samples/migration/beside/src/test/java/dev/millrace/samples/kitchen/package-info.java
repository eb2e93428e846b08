/** Tests of the kitchen. */
@NullMarked
package dev.millrace.samples.kitchen;

import org.jspecify.annotations.NullMarked;
