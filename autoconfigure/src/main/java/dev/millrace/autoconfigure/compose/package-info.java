/**
 * Connection details of the Kafka and Redpanda services of a Docker Compose file.
 *
 * <p>Threads: the one that starts the application context. May use: {@link
 * dev.millrace.autoconfigure.ProducerConnectionDetails} and Spring Boot's support for Docker Compose. Described in
 * docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.autoconfigure.compose;

import org.jspecify.annotations.NullMarked;
