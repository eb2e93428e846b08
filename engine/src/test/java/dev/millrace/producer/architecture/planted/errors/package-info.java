/** Classes that break rules on purpose. */
@NullMarked
package dev.millrace.producer.architecture.planted.errors;

import org.jspecify.annotations.NullMarked;
