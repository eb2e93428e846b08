/**
 * Looking for inputs that break what reads bytes from outside: targets are the classes {@code *Fuzz} beside what they try,
 * inputs worth keeping are in {@code src/test/resources/fuzz}, and {@code make fuzz} looks for more of them.
 *
 * <p>Described in docs/architecture.md, What comes from outside.
 */
@NullMarked
package dev.millrace.producer.internal.fuzz;

import org.jspecify.annotations.NullMarked;
