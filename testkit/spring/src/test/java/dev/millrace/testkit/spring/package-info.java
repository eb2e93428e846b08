/** Tests of the package. */
@NullMarked
package dev.millrace.testkit.spring;

import org.jspecify.annotations.NullMarked;
