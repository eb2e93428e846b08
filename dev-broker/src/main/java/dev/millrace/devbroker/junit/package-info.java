/**
 * Brokers as parameters of JUnit tests: {@link dev.millrace.devbroker.junit.WithDevCluster}.
 *
 * <p>Needs {@code junit-jupiter-api} on the class path, which this module does not bring along.
 */
@NullMarked
package dev.millrace.devbroker.junit;

import org.jspecify.annotations.NullMarked;
