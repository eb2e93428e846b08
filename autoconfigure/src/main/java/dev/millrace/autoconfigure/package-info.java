/**
 * The producer in a Spring Boot application: {@code app.producer.*}, connection details, the development broker,
 * back-off rules and failure analysis.
 *
 * <p>Threads: everything here runs once, on the thread that starts or stops the application context. May use: the Spring
 * layer, the engine's public packages and Spring Boot; not the engine's internals.
 */
@NullMarked
package dev.millrace.autoconfigure;

import org.jspecify.annotations.NullMarked;
