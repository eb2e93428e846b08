/** Tests of messages. */
@NullMarked
package dev.millrace.spring.messaging;

import org.jspecify.annotations.NullMarked;
