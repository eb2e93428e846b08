package dev.millrace.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;

/** Two producers of an application whose transactional ids begin alike would end each other's transactions. */
final class TransactionalIdPrefixes {

    private TransactionalIdPrefixes() {}

    /**
     * Looks at the default producer and these.
     *
     * @throws InvalidProducerPropertiesException naming the second of two alike
     */
    static void refuseShared(List<ProducerInstance> named, Environment environment) {
        List<ProducerInstance> all = new ArrayList<>(named);
        if (environment.getProperty(ProducerAutoConfiguration.DEFAULT_PRODUCER, Boolean.class, true)) {
            all.add(0, ProducerInstance.DEFAULT);
        }
        Map<String, ProducerInstance> owners = new LinkedHashMap<>();
        String applicationName = environment.getProperty("spring.application.name");
        for (ProducerInstance instance : all) {
            PropertyTransactions transactions = new PropertySettings(
                            InstanceProperties.bind(instance, environment), applicationName)
                    .transactions();
            if (transactions.isEnabled() && !transactions.idPrefix().isEmpty()) {
                ProducerInstance owner = owners.putIfAbsent(transactions.anyId(), instance);
                if (owner != null) {
                    refuse(instance, owner, transactions, new PropertyOrigins(environment, instance));
                }
            }
        }
    }

    private static void refuse(
            ProducerInstance instance,
            ProducerInstance owner,
            PropertyTransactions transactions,
            PropertyOrigins origins) {
        String property = PropertyTransactions.ID_PREFIX;
        String reason = "makes the same transactional ids as " + owner.property(property)
                + ", and each producer would end the other's transactions; give each its own";
        throw new InvalidProducerPropertiesException(
                List.of(new PropertyViolation(
                        instance.property(property), transactions.idPrefix(), origins.of(property), reason)),
                null);
    }
}
