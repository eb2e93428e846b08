package dev.millrace.testkit.spring;

import dev.millrace.testkit.FakeCluster;
import java.util.List;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Registers the cluster and what leads producers to it. Part of the key of the context's cache: tests with the same attributes
 * share a context.
 *
 * <p>The beans are defined by classes and plain arguments, nothing that could not be written down ahead of time.
 *
 * @param topics as {@link AutoConfigureFakeCluster#topics} has them
 * @param nodes how many
 * @param autoCreateTopics whether asking for a topic creates it
 */
record FakeClusterContextCustomizer(List<String> topics, int nodes, boolean autoCreateTopics)
        implements ContextCustomizer {

    static final String CLUSTER = "producerFakeCluster";

    private static final String CONNECTION_DETAILS = "producerFakeClusterConnectionDetails";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
        UnsecuredProperties.addTo(context.getEnvironment());
        BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
        registry.registerBeanDefinition(CLUSTER, cluster());
        registry.registerBeanDefinition(CONNECTION_DETAILS, dependent(FakeClusterConnectionDetails.class));
        registry.registerBeanDefinition("producerFakeClusterAddress", dependent(FakeClusterAddress.class));
        context.addBeanFactoryPostProcessor(new OtherConnectionDetailsRemover(CONNECTION_DETAILS));
    }

    private RootBeanDefinition cluster() {
        RootBeanDefinition definition = new RootBeanDefinition(FakeClusterStart.class);
        definition.setTargetType(FakeCluster.class);
        definition.setFactoryMethodName("start");
        definition.setDestroyMethodName("close");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, topics.toArray(String[]::new));
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, nodes);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(2, autoCreateTopics);
        return definition;
    }

    /** Takes the cluster as its only argument, and so is gone before it. */
    private static RootBeanDefinition dependent(Class<?> type) {
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
        return definition;
    }
}
