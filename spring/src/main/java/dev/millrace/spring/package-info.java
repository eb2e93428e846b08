/**
 * The producer as Spring developers expect it: a template over one shared engine producer with a life cycle, and
 * transactions over a pool of transactional ones, by themselves, with a transaction manager, or joined to those of others.
 *
 * <p>Threads: everything here runs on the caller's thread, except the completion of futures, which runs on the engine's
 * delivery executor, and the closing of idle producers, which runs on the JVM's common pool. May use: the engine's public
 * packages and Spring Framework, of which spring-tx only where it is known to be there; neither Spring Boot nor the engine's
 * internals.
 */
@NullMarked
package dev.millrace.spring;

import org.jspecify.annotations.NullMarked;
