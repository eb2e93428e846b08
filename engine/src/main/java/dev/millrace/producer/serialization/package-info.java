/** How keys and values become bytes. */
@NullMarked
package dev.millrace.producer.serialization;

import org.jspecify.annotations.NullMarked;
