/** Classes that break rules on purpose. */
@NullMarked
package dev.millrace.producer.architecture.planted.internal.network;

import org.jspecify.annotations.NullMarked;
