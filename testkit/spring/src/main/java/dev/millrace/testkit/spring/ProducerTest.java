package dev.millrace.testkit.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.Environment;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what an application sends, and of nothing else of it: producers, transactions and their plug-ins against a
 * {@link dev.millrace.testkit.FakeCluster} in the JVM of the test. No Docker and no broker.
 *
 * <pre>{@code
 * @ProducerTest(topics = "orders:3")
 * @Import(OrderService.class)
 * class OrderServiceTest {
 *     @Test
 *     void tellsOfAnOrder(@Autowired OrderService orders, @Autowired FakeCluster cluster) {
 *         orders.place("order-17").join();
 *         assertThat(cluster).topic("orders").hasRecord("order-17", "placed");
 *     }
 * }
 * }</pre>
 *
 * <p>Only the auto-configurations of {@link AutoConfigureProducer} apply. Of the components the application's class would
 * scan for, only plug-ins of producers are found, such as interceptors, listeners, serializers and customizers; services under
 * test are named with {@code @Import}. For a test of the whole application use {@code @SpringBootTest} and {@link
 * AutoConfigureFakeCluster} instead, which also says how the cluster lives.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(ProducerTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(ProducerTypeExcludeFilter.class)
@AutoConfigureProducer
@AutoConfigureFakeCluster
@ImportAutoConfiguration
public @interface ProducerTest {

    /** As {@link AutoConfigureFakeCluster#topics}. */
    @AliasFor(annotation = AutoConfigureFakeCluster.class)
    String[] topics() default {};

    /** As {@link AutoConfigureFakeCluster#nodes}. */
    @AliasFor(annotation = AutoConfigureFakeCluster.class)
    int nodes() default 1;

    /** As {@link AutoConfigureFakeCluster#autoCreateTopics}. */
    @AliasFor(annotation = AutoConfigureFakeCluster.class)
    boolean autoCreateTopics() default true;

    /** Properties as {@code key=value}, which win over those of the application in an {@link Environment}. */
    String[] properties() default {};

    /** Whether only plug-ins of producers are found by scanning, unless a filter says otherwise; false finds everything. */
    boolean useDefaultFilters() default true;

    /** What scanning finds besides. */
    Filter[] includeFilters() default {};

    /** What scanning does not find. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations that are left out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
