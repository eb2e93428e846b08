package dev.millrace.devbroker.junit;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the cluster of a test class and hands it to constructors and methods with a {@link DevCluster} parameter.
 *
 * <p>Usually by {@link WithDevCluster}; for what the annotation cannot say, as a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final DevClusterExtension CLUSTER =
 *         DevClusterExtension.of(DevCluster.builder().listener("SECURE", "SASL_PLAINTEXT"));
 * }</pre>
 */
public final class DevClusterExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(DevClusterExtension.class);

    /** What to start, or {@code null} if the annotation says it. */
    private final @Nullable DevClusterBuilder builder;

    /** For JUnit: the cluster is what {@link WithDevCluster} says. */
    public DevClusterExtension() {
        this.builder = null;
    }

    private DevClusterExtension(DevClusterBuilder builder) {
        this.builder = builder;
    }

    /** A cluster of its own for one test class. */
    public static DevClusterExtension of(DevClusterBuilder builder) {
        return new DevClusterExtension(builder);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        if (builder != null) {
            put(context, builder::start);
            return;
        }
        WithDevCluster wanted = testClass.getAnnotation(WithDevCluster.class);
        if (wanted == null) {
            requireClusterOfEnclosingClass(context);
        } else if (isShareable(wanted)) {
            String key = "shared partitionsPerTopic=" + wanted.partitionsPerTopic() + " autoCreateTopics="
                    + wanted.autoCreateTopics();
            // The root store lives as long as the test run; JUnit closes what is in it.
            DevCluster shared = startOnce(context.getRoot().getStore(NAMESPACE), key, wanted);
            context.getStore(NAMESPACE).put(DevCluster.class, new Lent(shared));
        } else {
            put(context, () -> builderFor(wanted).start());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DevCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return requireClusterOfEnclosingClass(context);
    }

    private static void put(ExtensionContext context, Supplier<DevCluster> start) {
        context.getStore(NAMESPACE).put(DevCluster.class, new Owned(start.get()));
    }

    @SuppressWarnings("deprecation") // its successor came with JUnit 6, and JUnit 5 is supported too
    private static DevCluster startOnce(Store store, String key, WithDevCluster wanted) {
        Owned owned = store.getOrComputeIfAbsent(
                key, absent -> new Owned(builderFor(wanted).start()), Owned.class);
        return Objects.requireNonNull(owned).cluster(); // computed if absent
    }

    private static DevCluster requireClusterOfEnclosingClass(ExtensionContext context) {
        Holder holder = context.getStore(NAMESPACE).get(DevCluster.class, Holder.class);
        if (holder == null) {
            throw new ExtensionConfigurationException(
                    "no cluster for " + context.getRequiredTestClass().getName()
                            + "; annotate it with @WithDevCluster, or make the field with @RegisterExtension static");
        }
        return holder.cluster();
    }

    private static boolean isShareable(WithDevCluster wanted) {
        return !wanted.dedicated() && wanted.nodes() == 1 && wanted.settings().length == 0;
    }

    private static DevClusterBuilder builderFor(WithDevCluster wanted) {
        DevClusterBuilder cluster = DevCluster.builder()
                .nodes(wanted.nodes())
                .partitionsPerTopic(wanted.partitionsPerTopic())
                .autoCreateTopics(wanted.autoCreateTopics());
        for (String setting : wanted.settings()) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new ExtensionConfigurationException(
                        "@WithDevCluster setting \"" + setting + "\" is not of the form name=value");
            }
            cluster.brokerSetting(
                    setting.substring(0, equals).strip(),
                    setting.substring(equals + 1).strip());
        }
        return cluster;
    }

    private interface Holder {
        DevCluster cluster();
    }

    /** A cluster that another store closes. */
    private record Lent(DevCluster cluster) implements Holder {}

    /** A cluster that ends with the store it is in. */
    @SuppressWarnings("deprecation") // JUnit before 5.13 closes only this type
    private record Owned(DevCluster cluster) implements Holder, Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            cluster.close();
        }
    }
}
