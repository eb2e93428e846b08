/**
 * Tests of applications with Spring: {@link dev.millrace.testkit.spring.ProducerTest} and a fake cluster in the test's
 * context, and a template that records what is sent and needs neither a context nor a cluster.
 *
 * <p>Runs on the threads of the test and of Spring's test framework. Uses the fake cluster of the package
 * {@code dev.millrace.testkit}. Described in docs/architecture.md, Around the engine.
 */
@NullMarked
package dev.millrace.testkit.spring;

import org.jspecify.annotations.NullMarked;
