/**
 * The producer as Spring developers expect it: a template over one shared engine producer with a life cycle.
 *
 * <p>Threads: everything here runs on the caller's thread, except the completion of futures, which runs on the engine's
 * delivery executor. May use: the engine's public packages and Spring Framework; neither Spring Boot nor the engine's
 * internals.
 */
@NullMarked
package dev.millrace.spring;

import org.jspecify.annotations.NullMarked;
