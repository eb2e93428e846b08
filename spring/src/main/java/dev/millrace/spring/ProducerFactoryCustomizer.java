package dev.millrace.spring;

/**
 * Changes an auto-configured factory before anybody uses it, after properties and {@link ProducerConfigCustomizer}s. Beans
 * of this type are called in their {@link org.springframework.core.annotation.Order}; one for another type of factory is
 * left out.
 *
 * @param <F> type of the factory
 */
@FunctionalInterface
public interface ProducerFactoryCustomizer<F extends ProducerFactory<?, ?>> {

    /** Sets what the application wants otherwise. Whatever it throws fails the start. */
    void customize(F factory);
}
