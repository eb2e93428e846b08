/** Classes that break rules on purpose. */
@NullMarked
package dev.millrace.producer.architecture.planted;

import org.jspecify.annotations.NullMarked;
