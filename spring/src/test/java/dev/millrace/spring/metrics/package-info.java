/** Tests of the meters. */
@NullMarked
package dev.millrace.spring.metrics;

import org.jspecify.annotations.NullMarked;
