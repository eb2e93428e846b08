/** Tests of the package. */
@NullMarked
package dev.millrace.autoconfigure.compose;

import org.jspecify.annotations.NullMarked;
