/**
 * A world without threads, sockets and clocks: an event loop on virtual time, and brokers that follow a script.
 *
 * <p>The test's thread is the loop. Uses {@code network}, {@code protocol}, {@code concurrent}. Described in
 * docs/architecture.md, Simulation.
 */
@NullMarked
package dev.millrace.producer.internal.simulation;

import org.jspecify.annotations.NullMarked;
