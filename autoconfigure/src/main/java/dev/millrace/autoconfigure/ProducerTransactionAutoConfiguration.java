package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerTransactionManager;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;

/**
 * The producer's transaction manager. An application without another manager finds it wherever one is looked for; beside
 * another one it is found by its name only, so that nobody loses the protection of a database.
 *
 * <p>Both depend on the order: behind everything that makes a manager, most of which stand back if there is one already, and
 * before Boot looks whether there is one at all.
 */
@AutoConfiguration(
        after = ProducerAutoConfiguration.class,
        beforeName = "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
        afterName = {
            "org.springframework.boot.data.neo4j.autoconfigure.DataNeo4jAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.pulsar.autoconfigure.PulsarAutoConfiguration",
            "org.springframework.boot.r2dbc.autoconfigure.R2dbcTransactionManagerAutoConfiguration",
            "org.springframework.boot.transaction.jta.autoconfigure.JtaAutoConfiguration"
        })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ProducerTransactionManager.class, PlatformTransactionManager.class})
@ConditionalOnBooleanProperty(
        name = {"app.producer.enabled", ProducerAutoConfiguration.DEFAULT_PRODUCER},
        matchIfMissing = true)
@Conditional(TransactionsEnabledCondition.class)
public final class ProducerTransactionAutoConfiguration {

    private static final String BEAN_NAME = "producerTransactionManager";

    ProducerTransactionAutoConfiguration() {}

    private static ProducerTransactionManager manager(
            ProducerFactory<?, ?> producerFactory, ObjectProvider<TransactionManagerCustomization> customization) {
        if (!producerFactory.isTransactional()) {
            throw new InvalidProducerPropertiesException(
                    List.of(new PropertyViolation(
                            PropertyTransactions.ENABLED,
                            "",
                            null,
                            "there is a transaction manager, but the bean '" + producerFactory.getName()
                                    + "' does no transactions; give " + PropertyTransactions.ID_PREFIX
                                    + " text, or a factory of yours its transactions, or set this to false, which an"
                                    + " application that is processed ahead of time has to say then")),
                    null);
        }
        ProducerTransactionManager manager = new ProducerTransactionManager(producerFactory);
        customization.ifAvailable(available -> available.applyTo(manager));
        return manager;
    }

    /** Without another manager: what looks for one finds this. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(value = TransactionManager.class, name = BEAN_NAME)
    static class OnlyManagerConfiguration {

        OnlyManagerConfiguration() {}

        @Bean
        ProducerTransactionManager producerTransactionManager(
                ProducerFactory<?, ?> producerFactory, ObjectProvider<TransactionManagerCustomization> customization) {
            return manager(producerFactory, customization);
        }
    }

    /** Beside another manager: what looks for one by type, or asks whether there is one, does not see this. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(TransactionManager.class)
    @ConditionalOnMissingBean(value = ProducerTransactionManager.class, name = BEAN_NAME)
    static class FurtherManagerConfiguration {

        FurtherManagerConfiguration() {}

        @Bean(defaultCandidate = false)
        @Fallback
        ProducerTransactionManager producerTransactionManager(
                ProducerFactory<?, ?> producerFactory, ObjectProvider<TransactionManagerCustomization> customization) {
            return manager(producerFactory, customization);
        }
    }

    /** Only with the library that knows of such customizers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionManagerCustomizers.class)
    static class CustomizationConfiguration {

        CustomizationConfiguration() {}

        @Bean
        TransactionManagerCustomization producerTransactionManagerCustomization(
                ObjectProvider<TransactionManagerCustomizers> customizers) {
            return manager -> customizers.ifAvailable(available -> available.customize(manager));
        }
    }
}
