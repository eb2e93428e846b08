/** The producer's public API. */
@NullMarked
package dev.millrace.producer;

import org.jspecify.annotations.NullMarked;
