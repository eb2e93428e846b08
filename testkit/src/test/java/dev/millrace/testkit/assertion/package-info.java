/** Tests of the package. */
@NullMarked
package dev.millrace.testkit.assertion;

import org.jspecify.annotations.NullMarked;
