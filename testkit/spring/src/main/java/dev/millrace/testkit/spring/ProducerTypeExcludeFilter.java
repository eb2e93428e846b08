package dev.millrace.testkit.spring;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.spring.ProducerConfigCustomizer;
import dev.millrace.spring.ProducerFactoryCustomizer;
import dev.millrace.spring.ProducerFactoryListener;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerTemplateCustomizer;
import dev.millrace.spring.SaslCredentialsProvider;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.UndeliveredRecords;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Lets scanning find plug-ins of producers only. */
final class ProducerTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<ProducerTest> {

    private static final Set<Class<?>> PLUG_INS = Set.of(
            ProducerInterceptor.class,
            ProducerObserver.class,
            ProducerListener.class,
            Partitioner.class,
            Serializer.class,
            ProducerConfigCustomizer.class,
            ProducerFactoryCustomizer.class,
            ProducerFactoryListener.class,
            ProducerTemplateCustomizer.class,
            ProducerConnectionDetails.class,
            SaslCredentialsProvider.class,
            TransactionIdStrategy.class,
            UndeliveredRecords.class);

    ProducerTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return PLUG_INS;
    }
}
