package dev.millrace.testkit.spring;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/** Takes out what else says where the cluster is: an application's own details, or those of a service connection. */
final class OtherConnectionDetailsRemover implements BeanDefinitionRegistryPostProcessor, PriorityOrdered {

    private final String kept;

    OtherConnectionDetailsRemover(String kept) {
        this.kept = kept;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        // others come later, with the application's configuration
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        for (String name : beanFactory.getBeanNamesForType(ProducerConnectionDetails.class, true, false)) {
            if (!name.equals(kept) && beanFactory.containsBeanDefinition(name)) {
                ((BeanDefinitionRegistry) beanFactory).removeBeanDefinition(name);
            }
        }
    }
}
