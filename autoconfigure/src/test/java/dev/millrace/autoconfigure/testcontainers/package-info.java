/** Tests of the package. */
@NullMarked
package dev.millrace.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
