/** Tests of what is known of open producers. */
@NullMarked
package dev.millrace.spring.inspection;

import org.jspecify.annotations.NullMarked;
