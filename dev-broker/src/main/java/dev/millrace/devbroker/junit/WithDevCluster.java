package dev.millrace.devbroker.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a running {@link dev.millrace.devbroker.DevCluster} as parameter.
 *
 * <p>A single node without settings is shared by all test classes of the JVM that ask for one with the same defaults, so
 * tests should use topics of their own. Everything else, and every test that kills or pauses nodes, gets a cluster for
 * its class.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DevClusterExtension.class)
public @interface WithDevCluster {
    /** Number of nodes. */
    int nodes() default 1;

    /** Lines of {@code server.properties}: {@code "name=value"}. */
    String[] settings() default {};

    /** Partitions of a topic that is created without a number of its own. */
    int partitionsPerTopic() default 4;

    /** Whether the first use of a topic creates it. */
    boolean autoCreateTopics() default true;

    /** Whether this class needs a cluster of its own although it could share one. */
    boolean dedicated() default false;
}
