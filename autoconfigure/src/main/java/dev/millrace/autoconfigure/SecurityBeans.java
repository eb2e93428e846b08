package dev.millrace.autoconfigure;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;

/** Finds the application's suppliers of what producers authenticate with: the only one of a kind, or the primary one. */
final class SecurityBeans {

    private final ConfigurableListableBeanFactory beanFactory;

    SecurityBeans(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** A bean, and what messages call it. */
    record Named<T>(String beanName, T bean) {}

    /**
     * Null if there is none.
     *
     * @throws InvalidProducerPropertiesException if there are several and none is primary
     */
    <T> @Nullable Named<T> find(Class<T> type) {
        String[] names = beanFactory.getBeanNamesForType(type);
        if (names.length == 0) {
            return null;
        }
        try {
            NamedBeanHolder<T> holder = beanFactory.resolveNamedBean(type);
            return new Named<>(holder.getBeanName(), holder.getBeanInstance());
        } catch (NoUniqueBeanDefinitionException several) {
            String reason = "there are several beans of type " + type.getSimpleName() + ": "
                    + String.join(", ", Arrays.asList(names)) + "; mark one of them as @Primary";
            throw new InvalidProducerPropertiesException(
                    List.of(new PropertyViolation("app.producer.sasl.mechanism", "", null, reason)), null);
        }
    }
}
