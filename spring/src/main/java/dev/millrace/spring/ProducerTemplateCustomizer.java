package dev.millrace.spring;

/** Changes a template before it is used; in an application a bean of this type is told of each template made from properties. */
@FunctionalInterface
public interface ProducerTemplateCustomizer {

    /** Changes what the properties have set. */
    void customize(ProducerTemplate<?, ?> template);
}
