/**
 * Connection details of the Kafka and Redpanda containers that are marked with {@code @ServiceConnection}.
 *
 * <p>Threads: the one that starts the application context. May use: {@link
 * dev.millrace.autoconfigure.ProducerConnectionDetails}, Spring Boot's support for Testcontainers, and Testcontainers. Described in
 * docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
