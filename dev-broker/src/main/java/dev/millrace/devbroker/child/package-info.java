/**
 * What runs inside a broker's own JVM: format the storage, run the broker, write its log, end with the parent.
 *
 * <p>Not an API. Nothing here is loaded in the application; it may use Kafka's server classes and SLF4J.
 */
@NullMarked
package dev.millrace.devbroker.child;

import org.jspecify.annotations.NullMarked;
