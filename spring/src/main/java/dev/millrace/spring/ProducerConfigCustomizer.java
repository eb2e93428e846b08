package dev.millrace.spring;

import dev.millrace.producer.config.ProducerConfig;

/**
 * Changes the engine's configuration before it is checked and built. A bean of this type is called once for each
 * producer, at start, after properties and connection details; several are called in their
 * {@link org.springframework.core.annotation.Order}.
 */
@FunctionalInterface
public interface ProducerConfigCustomizer {

    /** Sets what the application wants otherwise. Whatever it throws fails the start. */
    void customize(ProducerConfig.Builder builder);

    /**
     * As {@link #customize(ProducerConfig.Builder)}, for those who treat producers differently.
     *
     * @param producer name under {@code app.producer.instance}, empty for the default producer
     */
    default void customize(ProducerConfig.Builder builder, String producer) {
        customize(builder);
    }
}
