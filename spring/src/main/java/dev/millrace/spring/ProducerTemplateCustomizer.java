package dev.millrace.spring;

/**
 * Changes an auto-configured template before anybody uses it, after properties. Beans of this type are called in their
 * {@link org.springframework.core.annotation.Order}; one for another type of template is left out.
 *
 * @param <T> type of the template
 */
@FunctionalInterface
public interface ProducerTemplateCustomizer<T extends ProducerOperations<?, ?>> {

    /** Sets what the application wants otherwise. Whatever it throws fails the start. */
    void customize(T template);
}
