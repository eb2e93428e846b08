package dev.millrace.testkit.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link AutoConfigureFakeCluster} on test classes and on those around them. */
final class FakeClusterContextCustomizerFactory implements ContextCustomizerFactory {

    FakeClusterContextCustomizerFactory() {}

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
        AutoConfigureFakeCluster annotation =
                TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureFakeCluster.class);
        return annotation == null
                ? null
                : new FakeClusterContextCustomizer(
                        List.of(annotation.topics()), annotation.nodes(), annotation.autoCreateTopics());
    }
}
