package dev.millrace.autoconfigure;

import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerFactoryListener;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The application's beans that the producer calls, besides serializers: the one partitioner, which wins over the
 * configured one, and all interceptors, observers and listeners in their order. Types of keys and values are not compared, as nobody
 * but the user knows what the serializers take.
 */
final class ProducerPlugInBeans {

    private final BeanFactory beanFactory;
    private final ObjectProvider<ProducerInterceptor<?, ?>> interceptors;
    private final ObjectProvider<ProducerObserver> observers;
    private final ObjectProvider<ProducerFactoryListener> listeners;

    ProducerPlugInBeans(
            BeanFactory beanFactory,
            ObjectProvider<ProducerInterceptor<?, ?>> interceptors,
            ObjectProvider<ProducerObserver> observers,
            ObjectProvider<ProducerFactoryListener> listeners) {
        this.beanFactory = beanFactory;
        this.interceptors = interceptors;
        this.observers = observers;
        this.listeners = listeners;
    }

    /** Makes the beans: what is made before the factory is destroyed after it. */
    @SuppressWarnings("unchecked") // see the class
    void applyTo(DefaultProducerFactory<?, ?> factory) {
        DefaultProducerFactory<Object, Object> untyped = (DefaultProducerFactory<Object, Object>) factory;
        untyped.setPartitioner(partitioner());
        untyped.setInterceptors((List<ProducerInterceptor<Object, Object>>)
                (List<?>) interceptors.orderedStream().toList());
        untyped.setObservers(observers.orderedStream().toList());
        untyped.setListeners(listeners.orderedStream().toList());
    }

    /** The only one, or the primary one of several, or null. */
    @SuppressWarnings("unchecked") // see the class
    private @Nullable Partitioner<Object, Object> partitioner() {
        try {
            return beanFactory.getBeanProvider(Partitioner.class).getIfAvailable();
        } catch (NoUniqueBeanDefinitionException several) {
            throw new AmbiguousPartitionerException(Objects.requireNonNull(several.getBeanNamesFound()), several);
        }
    }
}
