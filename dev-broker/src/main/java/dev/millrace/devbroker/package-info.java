/**
 * Real Kafka brokers for development and tests: KRaft nodes on loopback, each in a child JVM, without Docker.
 *
 * <p>{@link dev.millrace.devbroker.DevCluster} is the entry point. It runs on the caller's threads and starts none of
 * its own. It uses Kafka's server artifacts and nothing else of this project, so that what judges the producer does not
 * depend on it.
 */
@NullMarked
package dev.millrace.devbroker;

import org.jspecify.annotations.NullMarked;
