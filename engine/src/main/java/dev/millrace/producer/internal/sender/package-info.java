/**
 * The sender: which batches travel when and in which request, what answers mean, what is done about them.
 *
 * <p>Confined to the event loop; planner, interpreter and error table are pure. Uses all packages below. Described in
 * docs/architecture.md, Sender.
 */
@NullMarked
package dev.millrace.producer.internal.sender;

import org.jspecify.annotations.NullMarked;
