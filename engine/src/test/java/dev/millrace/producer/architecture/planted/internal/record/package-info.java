/** Classes that break rules on purpose. */
@NullMarked
package dev.millrace.producer.architecture.planted.internal.record;

import org.jspecify.annotations.NullMarked;
