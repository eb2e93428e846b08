/**
 * Sends Spring's messages. Apart, because only who has messages has spring-messaging.
 *
 * <p>Threads: the caller's. May use: this layer's templates and spring-messaging.
 */
@NullMarked
package dev.millrace.spring.messaging;

import org.jspecify.annotations.NullMarked;
