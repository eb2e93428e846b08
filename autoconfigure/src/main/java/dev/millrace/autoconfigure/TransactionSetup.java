package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.TransactionSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Makes the factory transactional if the properties say so, and warns of what may not be meant. */
final class TransactionSetup {

    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionSetup.class);
    private static final String TRANSACTION_MANAGER = "org.springframework.transaction.PlatformTransactionManager";

    /** Spring's names for what makes annotated methods transactional. */
    private static final String TRANSACTION_ADVISOR =
            "org.springframework.transaction.config.internalTransactionAdvisor";

    private static final String TRANSACTION_ASPECT = "org.springframework.transaction.config.internalTransactionAspect";

    private final ConfigurableListableBeanFactory beanFactory;
    private final ObjectProvider<TransactionIdStrategy> idStrategies;

    TransactionSetup(ConfigurableListableBeanFactory beanFactory, ObjectProvider<TransactionIdStrategy> idStrategies) {
        this.beanFactory = beanFactory;
        this.idStrategies = idStrategies;
    }

    void applyTo(DefaultProducerFactory<?, ?> factory, ProducerInstance instance, PropertyTransactions transactions) {
        if (transactions.isEnabled()) {
            if (instance.isDefault()) {
                refuseWithoutManager(); // that of a named producer is registered anew at each start
            } else {
                warnWithoutAnnotations(instance);
            }
            TransactionSettings settings = transactions.settings(factory.getConfig());
            factory.setTransactionSettings(settings);
            TransactionIdStrategy idStrategy = idStrategies.getIfAvailable();
            if (idStrategy != null) {
                factory.setTransactionIdStrategy(idStrategy);
            } else if (settings.instanceId().isEmpty()) {
                warnOfOtherInstances(settings);
            }
        } else if (transactions.isDisabledByBlankPrefix()) {
            LOGGER.warn(
                    "{} is blank, so nothing is sent in transactions; give it text, remove it, or set {}=false",
                    PropertyTransactions.ID_PREFIX,
                    PropertyTransactions.ENABLED);
        }
    }

    /** Without it, methods that are annotated would run without a transaction, and their sends would be refused. */
    private void refuseWithoutManager() {
        if (AotDetector.useGeneratedArtifacts()
                && ClassUtils.isPresent(TRANSACTION_MANAGER, beanFactory.getBeanClassLoader())
                && beanFactory.getBeanNamesForType(ProducerTransactionManager.class, true, false).length == 0) {
            String reason = "must be true when the application is processed ahead of time, where it is decided whether"
                    + " there is a transaction manager; there is none, and transactions are enabled now";
            throw new InvalidProducerPropertiesException(
                    List.of(new PropertyViolation(PropertyTransactions.ENABLED, "", null, reason)), null);
        }
    }

    /** Whether anything looks for annotated methods is decided at build time, by the managers that are known then. */
    private void warnWithoutAnnotations(ProducerInstance instance) {
        if (AotDetector.useGeneratedArtifacts()
                && !beanFactory.containsBean(TRANSACTION_ADVISOR)
                && !beanFactory.containsBean(TRANSACTION_ASPECT)) {
            LOGGER.warn(
                    "The transaction manager of the producer '{}' was not known when the application was processed"
                            + " ahead of time, so @Transactional does nothing; set {}=true at build time, or use the"
                            + " manager or executeInTransaction without annotations",
                    instance.name(),
                    instance.property(PropertyTransactions.ENABLED));
        }
    }

    /** What the ids are is told by the factory. */
    private static void warnOfOtherInstances(TransactionSettings settings) {
        LOGGER.warn(
                "Transactional ids that begin with '{}' would be those of another running instance, too, and each would"
                        + " end the other's transactions. If there can be two, set {} to what is different in each and"
                        + " the same after a restart",
                settings.idPrefix(),
                PropertyTransactions.INSTANCE_ID);
    }
}
