package dev.millrace.testkit.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Starts a {@link dev.millrace.testkit.FakeCluster} in the JVM of the test and lets all producers of the application send to
 * it, whatever their properties say of bootstrap servers and security. For use beside {@code @SpringBootTest}; {@link
 * ProducerTest} has it already.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureFakeCluster(topics = "orders:3")
 * class ShopTest {
 *     @Autowired FakeCluster cluster;
 * }
 * }</pre>
 *
 * <p>The cluster is a bean of the context and closed with it, behind the producers. Tests with the same attributes, and else
 * the same configuration, share one context and so one cluster. Before each test method it is {@linkplain
 * dev.millrace.testkit.FakeCluster#reset reset}: no records, requests or faults of the test before are left. What a test has not
 * waited for may still arrive in the next one.
 *
 * <p>A {@code ProducerConnectionDetails} bean of the application's own gives way.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface AutoConfigureFakeCluster {

    /** Topics that are there from the start, each {@code name} for one partition or {@code name:partitions}. */
    String[] topics() default {};

    /** How many nodes the cluster has. */
    int nodes() default 1;

    /** Whether a topic that a producer asks for is created, with one partition. */
    boolean autoCreateTopics() default true;
}
