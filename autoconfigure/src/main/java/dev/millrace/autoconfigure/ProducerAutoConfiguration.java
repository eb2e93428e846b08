package dev.millrace.autoconfigure;

import dev.millrace.producer.Producer;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.LoggingProducerListener;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerFactoryCustomizer;
import dev.millrace.spring.ProducerFactoryListener;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTemplateCustomizer;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.UndeliveredRecords;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * A producer from {@code app.producer.*}. The configuration is checked when the context starts; the engine is opened by
 * the first send. Every bean gives way to one of the application's of the same kind, and
 * {@code app.producer.enabled=false} leaves all of them out. {@code app.producer.default-producer.enabled=false} leaves out
 * only this producer, for applications that name all of theirs.
 */
@AutoConfiguration
@ConditionalOnClass({Producer.class, ProducerTemplate.class})
@ConditionalOnBooleanProperty(name = "app.producer.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ProducerProperties.class)
public final class ProducerAutoConfiguration {

    static final String DEFAULT_PRODUCER = "app.producer.default-producer.enabled";

    ProducerAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(ProducerConnectionDetails.class)
    PropertiesProducerConnectionDetails producerConnectionDetails(
            ProducerProperties properties, ObjectProvider<SslBundles> bundles) {
        return new PropertiesProducerConnectionDetails(properties, bundles.getIfAvailable());
    }

    /** Any injection point's types match: nobody but the user knows what the serializers take. */
    @Bean
    @ConditionalOnMissingBean(ProducerOperations.class)
    @ConditionalOnBooleanProperty(name = DEFAULT_PRODUCER, matchIfMissing = true)
    ProducerTemplate<?, ?> producerTemplate(
            ProducerFactory<?, ?> producerFactory, ProducerProperties properties, TemplateSetup setup) {
        return setup.template(producerFactory, properties.getTemplate());
    }

    @Bean
    ProducerPlugInBeans producerPlugInBeans(
            ConfigurableListableBeanFactory beanFactory,
            ObjectProvider<ProducerInterceptor<?, ?>> interceptors,
            ObjectProvider<ProducerObserver> observers,
            ObjectProvider<ProducerFactoryListener> listeners) {
        return new ProducerPlugInBeans(beanFactory, interceptors, observers, listeners);
    }

    @Bean
    TransactionSetup producerTransactionSetup(
            ConfigurableListableBeanFactory beanFactory, ObjectProvider<TransactionIdStrategy> idStrategies) {
        return new TransactionSetup(beanFactory, idStrategies);
    }

    @Bean
    ProducerFactoryAssembly producerFactoryAssembly(
            ConfigurableListableBeanFactory beanFactory,
            Environment environment,
            ProducerPlugInBeans plugIns,
            TransactionSetup transactions,
            ObjectProvider<ProducerConfigCustomizer> customizers,
            FactoryLifecycle lifecycle,
            ProducerCustomizers finalCustomizers,
            ObjectProvider<SslBundles> bundles) {
        ProducerSecurity security =
                new ProducerSecurity(beanFactory, environment, new SslBundleSources(bundles.getIfAvailable()));
        return new ProducerFactoryAssembly(
                beanFactory, environment, plugIns, transactions, customizers, security, lifecycle, finalCustomizers);
    }

    @Bean
    TemplateSetup producerTemplateSetup(
            ConfigurableListableBeanFactory beanFactory,
            Environment environment,
            ObjectProvider<ProducerListener<?, ?>> listeners,
            ProducerCustomizers customizers) {
        return new TemplateSetup(beanFactory, environment, listeners, customizers);
    }

    @Bean
    FactoryLifecycle producerFactoryLifecycle(ObjectProvider<UndeliveredRecords> undeliveredRecords) {
        return new FactoryLifecycle(undeliveredRecords);
    }

    @Bean
    ProducerCustomizers producerCustomizers(
            ObjectProvider<ProducerFactoryCustomizer<?>> ofFactories,
            ObjectProvider<ProducerTemplateCustomizer<?>> ofTemplates) {
        return new ProducerCustomizers(ofFactories, ofTemplates);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "app.producer.template.log-failures", matchIfMissing = true)
    LoggingProducerListener producerLoggingListener(ProducerProperties properties) {
        TemplateProperties template = properties.getTemplate();
        LoggingProducerListener listener = new LoggingProducerListener();
        if (template.getLogContent() != null) {
            listener.setIncludeContent(template.getLogContent());
        }
        if (template.getLogContentMaxLength() != null) {
            listener.setMaxContentLength(template.getLogContentMaxLength());
        }
        return listener;
    }

    /** The factory and what only it needs. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(ProducerFactory.class)
    @ConditionalOnBooleanProperty(name = DEFAULT_PRODUCER, matchIfMissing = true)
    static class FactoryConfiguration {

        FactoryConfiguration() {}

        @Bean
        ProducerSerializers producerSerializers(ProducerFactoryAssembly assembly, ProducerProperties properties) {
            return assembly.serializers(ProducerInstance.DEFAULT, properties);
        }

        @Bean
        DefaultProducerFactory<?, ?> producerFactory(
                ProducerFactoryAssembly assembly,
                ProducerProperties properties,
                ProducerConnectionDetails connectionDetails,
                ProducerSerializers serializers) {
            return assembly.factory(ProducerInstance.DEFAULT, properties, connectionDetails, serializers);
        }
    }
}
