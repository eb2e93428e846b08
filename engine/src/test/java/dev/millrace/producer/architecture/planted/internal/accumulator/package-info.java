/** Classes that break rules on purpose. */
@NullMarked
package dev.millrace.producer.architecture.planted.internal.accumulator;

import org.jspecify.annotations.NullMarked;
