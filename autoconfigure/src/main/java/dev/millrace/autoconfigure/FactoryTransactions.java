package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.TransactionSettings;
import java.util.List;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Makes the factory transactional if the properties say so, and tells with which ids. */
final class FactoryTransactions {

    private static final String TRANSACTION_MANAGER = "org.springframework.transaction.PlatformTransactionManager";

    private final ConfigurableListableBeanFactory beanFactory;
    private final ObjectProvider<TransactionIdStrategy> idStrategies;

    FactoryTransactions(
            ConfigurableListableBeanFactory beanFactory, ObjectProvider<TransactionIdStrategy> idStrategies) {
        this.beanFactory = beanFactory;
        this.idStrategies = idStrategies;
    }

    void applyTo(DefaultProducerFactory<?, ?> factory, PropertyTransactions transactions) {
        if (transactions.isEnabled()) {
            refuseWithoutManager();
            TransactionSettings settings = transactions.settings(factory.getConfig());
            TransactionIdStrategy idStrategy =
                    idStrategies.getIfAvailable(() -> TransactionIdStrategy.PREFIX_INSTANCE_SLOT);
            factory.setTransactionSettings(settings);
            factory.setTransactionIdStrategy(idStrategy);
            TransactionIdsLog.write(settings, idStrategy);
        } else if (transactions.isDisabledByBlankPrefix()) {
            TransactionIdsLog.writeDisabled();
        }
    }

    /** Without it, methods that are annotated would run without a transaction, and their sends would be refused. */
    private void refuseWithoutManager() {
        if (AotDetector.useGeneratedArtifacts()
                && ClassUtils.isPresent(TRANSACTION_MANAGER, beanFactory.getBeanClassLoader())
                && beanFactory.getBeanNamesForType(ProducerTransactionManager.class, true, false).length == 0) {
            throw new InvalidProducerPropertiesException(
                    List.of(
                            new PropertyViolation(
                                    PropertyTransactions.ENABLED,
                                    "",
                                    null,
                                    "must be true when the application is processed ahead of time, where it is decided whether"
                                            + " there is a transaction manager; there is none, and transactions are enabled now")),
                    null);
        }
    }
}
