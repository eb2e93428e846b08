/** What can go wrong, by what the caller should do about it. */
@NullMarked
package dev.millrace.producer.errors;

import org.jspecify.annotations.NullMarked;
