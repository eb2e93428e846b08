package dev.millrace.testkit.spring;

import com.sun.management.OperatingSystemMXBean;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.shop.ShopApplication;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

/**
 * Prints what a cluster costs a test, on the clock and in time of all processors; not a test itself. Run it in a JVM of its own.
 */
public final class StartCost {

    private static final OperatingSystemMXBean CPU =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private StartCost() {}

    @SpringBootTest(classes = ShopApplication.class, properties = "spring.main.banner-mode=off")
    static class Warm {}

    @SpringBootTest(
            classes = ShopApplication.class,
            properties = {"spring.main.banner-mode=off", "n=1"})
    static class Without {}

    @SpringBootTest(
            classes = ShopApplication.class,
            properties = {"spring.main.banner-mode=off", "n=2"})
    @AutoConfigureFakeCluster(topics = "orders:3")
    static class With {}

    @ProducerTest(topics = "orders:3", properties = "spring.main.banner-mode=off")
    @ContextConfiguration(classes = ShopApplication.class)
    static class Slice {}

    /** Measures and prints milliseconds. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) { // with any argument the cluster comes first, before Java's own parts are loaded, too
            print("first context of the JVM, without a cluster", () -> context(Warm.class));
        }
        FakeCluster[] clusters = new FakeCluster[2];
        print(
                "first cluster of the JVM",
                () -> clusters[0] = FakeCluster.builder().topic("orders", 3).start());
        print(
                "next cluster",
                () -> clusters[1] = FakeCluster.builder().topic("orders", 3).start());
        clusters[0].close();
        clusters[1].close();
        print("whole application, without a cluster", () -> context(Without.class));
        print("whole application, with a cluster", () -> context(With.class));
        print("slice, with a cluster", () -> context(Slice.class));
        print("slice from the cache", () -> context(Slice.class));
        print("first record, with the start of the engine", () -> send(context(Slice.class)));
        print("next record", () -> send(context(Slice.class)));
        System.exit(0);
    }

    private static ApplicationContext context(Class<?> test) {
        return new TestContextManager(test).getTestContext().getApplicationContext();
    }

    @SuppressWarnings("unchecked") // the default serializers take text
    private static void send(ApplicationContext context) throws Exception {
        ((ProducerTemplate<String, String>) context.getBean(ProducerTemplate.class))
                .send("orders", "v")
                .get(30, TimeUnit.SECONDS);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void print(String what, Step step) throws Exception {
        long before = System.nanoTime();
        long cpuBefore = CPU.getProcessCpuTime();
        step.run();
        System.out.printf(
                "%-45s %6.1f ms, of CPU %6.1f ms%n",
                what, (System.nanoTime() - before) / 1e6, (CPU.getProcessCpuTime() - cpuBefore) / 1e6);
    }
}
